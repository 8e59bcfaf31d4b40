export type * from './contract.ts'
export type * from './contract-auth.ts'
export type * from './contract-blobs.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
