export type * from './api/views.ts'
