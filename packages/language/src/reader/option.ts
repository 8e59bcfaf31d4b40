/**
 * `!g` and `!s` as written: rules OPT-1 to OPT-7 and OPT-17. Called by `convert`. Equal values are found by the model, where nested
 * grids are known; the draws themselves are made by `model/draw.ts`.
 */

import type { RuleName } from '../rules.ts'
import { type AstNode, type AstScalar, type AstTarget, deref } from './ast.ts'
import { type Birth, bad, type Conversion } from './conversion.ts'
import { LIMITS } from './limits.ts'

/** `!g`, or `!choice` for a search algorithm. */
export function readGrid(items: readonly AstNode[], choice: boolean, birth: Birth, context: Conversion): AstTarget {
  if (items.length > 0) return { ...birth, kind: 'grid', choice, items }
  const message = `${choice ? '!choice' : '!g'} needs at least one value`
  return bad({ rule: 'grid-list', span: birth.span, message }, birth, context)
}

const FORM = '!s [low, high, k] or !s [low, high, k, decimals]'

export function readSample(items: readonly AstNode[], birth: Birth, context: Conversion): AstTarget {
  const wrong = (rule: RuleName, message: string, at: AstNode | undefined, hint = FORM): AstTarget =>
    bad({ rule, span: at?.span ?? birth.span, message, hint }, birth, context)
  if (items.some(item => deref(item).kind === 'bad')) return { ...birth, kind: 'bad' }
  if (items.length < 3 || items.length > 4) {
    return wrong('sample-arguments', `!s takes three or four values, not ${items.length}`, undefined)
  }
  const numbers = items.map(numberOf)
  const odd = numbers.indexOf(null)
  if (odd !== -1) return wrong('sample-arguments', '!s takes plain numbers', items[odd])
  const [low, high, k, decimals] = numbers as [AstScalar, AstScalar, AstScalar, AstScalar | undefined]
  const from = low.value as number
  const to = high.value as number
  if (!Number.isFinite(from)) return wrong('sample-bounds', 'the low bound must be finite', items[0])
  if (!Number.isFinite(to) || !Number.isFinite(to - from))
    return wrong('sample-bounds', 'the high bound must be finite', items[1])
  if (from >= to)
    return wrong('sample-bounds', `low must be less than high, and ${low.text} is not less than ${high.text}`, items[0])
  const count = k.value as number
  if (!k.int || count < 1) return wrong('sample-count', 'k must be a whole number of at least 1', items[2])
  context.draws += count
  if (context.draws > LIMITS.draws) {
    return wrong(
      'too-many-draws',
      `all !s together draw more than ${LIMITS.draws.toLocaleString('en')} values`,
      items[2],
      '',
    )
  }
  const places = decimals === undefined ? 10 : (decimals.value as number)
  if (decimals !== undefined && (!decimals.int || places < 0 || places > 20)) {
    return wrong('sample-decimals', 'decimals must be a whole number from 0 to 20', items[3])
  }
  const whole = low.int && high.int
  if (whole && decimals !== undefined) {
    const message = 'decimals have no effect: both bounds are whole numbers, so whole numbers are drawn'
    const hint = `write ${low.text}.0 for floats`
    context.report.add({
      rule: 'sample-decimals',
      severity: 'warning',
      span: items[3]?.span ?? birth.span,
      path: birth.path,
      message,
      hint,
    })
  }
  const distinct = whole ? to - from : roundedValues(from, to, places)
  if (distinct < 1) {
    return wrong(
      'sample-bounds',
      `no number with ${places} decimals lies from ${low.text} to ${high.text}`,
      items[3],
      'give more decimals',
    )
  }
  if (count > distinct) {
    return wrong(
      'sample-count',
      `k is ${count}, but there are only ${distinct} distinct values`,
      items[2],
      `k of at most ${distinct}`,
    )
  }
  return {
    ...birth,
    kind: 'sample',
    low: from,
    high: to,
    k: count,
    decimals: whole ? null : places,
    rounded: decimals !== undefined,
    items,
  }
}

/** How many numbers with so many decimals lie in [low, high). */
function roundedValues(low: number, high: number, decimals: number): number {
  const [first, end] = roundedRange(low, high, decimals)
  return end - first
}

/** [first, end) of the multiples of 10^-decimals in [low, high), as whole numbers. */
export function roundedRange(low: number, high: number, decimals: number): [number, number] {
  const scale = 10 ** decimals
  return [snap(low * scale), snap(high * scale)]
}

/** Round up, but take a number that is whole but for the rounding of the product as that number. */
function snap(value: number): number {
  const near = Math.round(value)
  return Math.abs(value - near) <= Math.abs(value) * 1e-12 ? near : Math.ceil(value)
}

export function numberOf(node: AstNode): AstScalar | null {
  const target = deref(node)
  return target.kind === 'scalar' && typeof target.value === 'number' ? target : null
}
