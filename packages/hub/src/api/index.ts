/** What pages and the command line import: types alone, so nothing of the server reaches a browser. */
export type { ClientToHub, HubToClient, LiveChange, Topic } from '../live/contract.ts'
export type { AppRouter } from './root.ts'
export type * from './views.ts'
export type * from './views-course.ts'
