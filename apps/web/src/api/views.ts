/** The hub's answers and live messages, as types: the one place where pages name the contract. */
export type * from '@flambe/hub/api'
export type { ClientToHub, HubToClient, LiveChange, Topic } from '@flambe/hub/live'
