// What a case of the contract suite is, and how it complains. No test runner is known here.

import type { Json } from '../json.ts'

/** `run` throws when the contract is broken. */
export interface ContractCase {
  readonly name: string
  readonly run: () => void
}

export function copy<T extends Json>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

export function check(holds: boolean, words: string): void {
  if (!holds) throw new Error(words)
}

export function same(actual: string, expected: string): void {
  check(actual === expected, `expected ${expected}\ngot      ${actual}`)
}
