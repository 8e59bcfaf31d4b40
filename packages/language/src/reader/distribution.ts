/**
 * `!uniform` and its kin as written: the distributions of numbers that search algorithms draw from. Called by `convert`.
 * `!choice` is a list of values and read like a grid. That the block has a `search` entry is checked by `checks/search.ts`.
 */
import type { NumericDistribution } from '../distribution.ts'
import type { RuleName } from '../rules.ts'
import { type AstNode, type AstScalar, type AstTarget, deref } from './ast.ts'
import { type Birth, bad, type Conversion } from './conversion.ts'
import { numberOf } from './option.ts'

type Kind = NumericDistribution['kind']

const FORMS: { readonly [kind in Kind]: string } = {
  uniform: '[low, high]',
  quniform: '[low, high, q]',
  loguniform: '[low, high]',
  qloguniform: '[low, high, q]',
  randint: '[low, high]',
  lograndint: '[low, high]',
  normal: '[mean, deviation]',
  qnormal: '[mean, deviation, q]',
}

/** Tags of options without the `!`, for whoever mistypes one. */
export const OPTION_TAGS: readonly string[] = ['choice', 'cluster', ...Object.keys(FORMS)]

/** The kind of a tag such as `!uniform`, or null. */
export function distributionKind(tag: string): Kind | null {
  const kind = tag.slice(1)
  return Object.hasOwn(FORMS, kind) ? (kind as Kind) : null
}

export function distributionForm(kind: Kind): string {
  return `!${kind} ${FORMS[kind]}`
}

export function readDistribution(kind: Kind, items: readonly AstNode[], birth: Birth, context: Conversion): AstTarget {
  if (items.some(item => deref(item).kind === 'bad')) return { ...birth, kind: 'bad' }
  const wrong = ({ rule, message, at }: Wrong): AstTarget =>
    bad(
      { rule, span: at === null ? birth.span : (items[at]?.span ?? birth.span), message, hint: distributionForm(kind) },
      birth,
      context,
    )
  const wanted = FORMS[kind].split(',').length
  if (items.length !== wanted) {
    const message = `!${kind} takes ${wanted === 2 ? 'two' : 'three'} values, not ${items.length}`
    return wrong({ rule: 'distribution-arguments', message, at: null })
  }
  const numbers = items.map(numberOf)
  const odd = numbers.indexOf(null)
  if (odd !== -1) return wrong({ rule: 'distribution-arguments', message: `!${kind} takes plain numbers`, at: odd })
  const found = understand(kind, numbers as readonly AstScalar[])
  if ('rule' in found) return wrong(found)
  return { ...birth, kind: 'distribution', distribution: found, items }
}

interface Wrong {
  readonly rule: Extract<RuleName, 'distribution-arguments' | 'distribution-bounds' | 'distribution-step'>
  readonly message: string
  /** Place of the value that is wrong; null for the whole. */
  readonly at: number | null
}

function understand(kind: Kind, scalars: readonly AstScalar[]): NumericDistribution | Wrong {
  const [first, second, third] = scalars as [AstScalar, AstScalar, AstScalar | undefined]
  const [a, b, q] = [first.value as number, second.value as number, third?.value as number | undefined]
  const infinite = scalars.findIndex(scalar => !Number.isFinite(scalar.value))
  if (infinite !== -1) return bounds('every value must be finite', infinite)
  if (q !== undefined && q <= 0) return step(`the step must be greater than 0, not ${third?.text}`)
  if (kind === 'normal' || kind === 'qnormal') {
    if (b <= 0) return bounds(`the deviation must be greater than 0, not ${second.text}`, 1)
    return kind === 'normal' ? { kind, mean: a, sd: b } : { kind, mean: a, sd: b, q: q as number }
  }
  if (a >= b) return bounds(`low must be less than high, and ${first.text} is not less than ${second.text}`, 0)
  if (!Number.isFinite(b - a)) return bounds('the range must be finite', 1)
  if (kind.includes('log') && a <= 0) return bounds(`low must be greater than 0 for !${kind}, not ${first.text}`, 0)
  if (kind === 'quniform' || kind === 'qloguniform') {
    if ((q as number) > b - a) return step(`the step ${third?.text} is larger than the range`)
    return { kind, low: a, high: b, q: q as number }
  }
  if (kind === 'randint' || kind === 'lograndint') {
    const float = scalars.findIndex(scalar => !scalar.int)
    if (float !== -1) return bounds(`the bounds of !${kind} are whole numbers, not ${scalars[float]?.text}`, float)
  }
  return { kind, low: a, high: b }
}

const bounds = (message: string, at: number): Wrong => ({ rule: 'distribution-bounds', message, at })
const step = (message: string): Wrong => ({ rule: 'distribution-step', message, at: 2 })
