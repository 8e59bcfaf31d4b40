/** The pages' list of procedures and the hub's router are one contract: checked by the compiler, which sees this file too. */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { expectTypeOf, it } from 'vitest'
import type { Input, Output, ReadPath, WritePath, Writes } from './procedures.ts'
import type { AppRouter } from './views.ts'

type At<R, P extends string> = P extends `${infer A}.${infer B}`
  ? A extends keyof R
    ? B extends keyof R[A]
      ? R[A][B]
      : never
    : never
  : never
/** The pages hold everything readonly; what the hub reads it does not change. */
type Fixed<T> = T extends object ? { readonly [K in keyof T]: Fixed<T[K]> } : T
type Takes<P extends string> = Fixed<At<inferRouterInputs<AppRouter>, P>>
type Gives<P extends string> = At<inferRouterOutputs<AppRouter>, P>

/** Paths whose input the hub would not take, or whose answer is not what the pages read. */
type Wrong = {
  [P in ReadPath]: [Takes<P>] extends [never]
    ? P
    : Input<P> extends Takes<P> | undefined
      ? Gives<P> extends Output<P>
        ? never
        : P
      : P
}[ReadPath]
type WrongWrites = {
  [P in WritePath]: Writes[P]['input'] extends Takes<P> | undefined
    ? Gives<P> extends Writes[P]['output']
      ? never
      : P
    : P
}[WritePath]

it('names procedures that the hub has, with what it takes and gives', () => {
  expectTypeOf<Wrong>().toEqualTypeOf<never>()
  expectTypeOf<WrongWrites>().toEqualTypeOf<never>()
})
