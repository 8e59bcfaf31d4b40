// Points that a user writes (`initial`): read against a space, and completed where they leave options out.
// An option may be named without its block (`lr` for `m.lr`), a component alternative by its tag.

import { canonical, type Json } from '../json.ts'
import type { Random } from '../random.ts'
import { type Assignment, type Distribution, draw, names, type Space } from '../space.ts'
import { closest } from './closest.ts'
import type { Params } from './params.ts'

export interface ReadPoint {
  readonly point: Assignment
  /** What is outside of the space, in words. */
  readonly problems: readonly string[]
}

export function readPoint(space: Space, written: Params): ReadPoint {
  const point: Record<string, Json> = {}
  const problems: string[] = []
  const used = new Set<string>()
  const walk = (inside: Space) => {
    for (const name of names(inside)) {
      const distribution = inside[name]
      const key = [name, withoutBlock(name)].find(word => Object.hasOwn(written, word))
      if (distribution === undefined || key === undefined) continue
      used.add(key)
      const value = written[key] as Json
      if (distribution.kind !== 'choice') {
        const wrong = numberProblem(value, distribution)
        if (wrong === null) point[name] = value
        else problems.push(`${key}: ${wrong}`)
        continue
      }
      const option = distribution.options.find(({ value: known }) => isMeant(value, known))
      if (option === undefined) problems.push(`${key}: ${canonical(value)} is none of its options`)
      else {
        point[name] = option.value
        walk(option.children ?? {})
      }
    }
  }
  walk(space)
  const known = allNames(space)
  for (const key of Object.keys(written).filter(name => !used.has(name)))
    problems.push(
      known.some(name => name === key || withoutBlock(name) === key)
        ? `${key}: counts only below an alternative that this point does not choose`
        : `${key}: there is no such option${closest(key, known) || listed(known)}`,
    )
  return { point, problems }
}

/** The names that `point` leaves out are drawn as `draw` does; an empty point is one draw of the space. */
export function completePoint(space: Space, point: Assignment, random: Random): Assignment {
  const whole: Record<string, Json> = {}
  for (const name of names(space)) {
    const distribution = space[name]
    if (distribution === undefined) continue
    const value = Object.hasOwn(point, name) ? point[name] : undefined
    if (value === undefined) {
      Object.assign(whole, draw({ [name]: distribution }, random))
      continue
    }
    whole[name] = value
    if (distribution.kind !== 'choice') continue
    const option = distribution.options.find(known => canonical(known.value) === canonical(value))
    Object.assign(whole, completePoint(option?.children ?? {}, point, random))
  }
  return whole
}

function allNames(space: Space): string[] {
  return names(space).flatMap(name => {
    const distribution = space[name]
    if (distribution?.kind !== 'choice') return [name]
    return [name, ...distribution.options.flatMap(option => allNames(option.children ?? {}))]
  })
}

/** Few are named, so that one sees how a point is written. */
const listed = (known: readonly string[]): string =>
  known.length === 0
    ? ''
    : `; there are ${known.slice(0, 6).map(withoutBlock).join(', ')}${known.length > 6 ? ', ...' : ''}`

function withoutBlock(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function isMeant(written: Json, known: Json): boolean {
  if (canonical(written) === canonical(known)) return true
  return typeof known === 'object' && known !== null && 'tag' in known && known.tag === written
}

function numberProblem(value: Json, d: Exclude<Distribution, { kind: 'choice' }>): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${canonical(value)} is not a number`
  if (d.kind.endsWith('randint') && !Number.isInteger(value)) return `${value} is not a whole number`
  if ('low' in d) {
    const open = d.kind === 'randint' || d.kind === 'lograndint'
    if (value < d.low || value > d.high || (open && value === d.high))
      return `${value} is outside of ${d.low} to ${d.high}${open ? ', whose end is excluded' : ''}`
  }
  const steps = 'q' in d ? (value - ('low' in d ? d.low : 0)) / d.q : 0
  if (Math.abs(steps - Math.round(steps)) > 1e-6) return `${value} is not on its steps of ${'q' in d ? d.q : 1}`
  return null
}
