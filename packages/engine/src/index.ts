export type { Action } from './action.ts'
export type { Event, Exit } from './event.ts'
export type * from './rows.ts'
export type { Change, EngineState } from './state.ts'
