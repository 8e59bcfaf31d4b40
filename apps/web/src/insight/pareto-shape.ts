/** Two of several objectives against each other, and the front as a line. Drawn by pareto.tsx. Pure. */
import type { CourseView, ParetoView } from '../api/views.ts'
import { type Dot, type Frame, frameOf, type Size } from './plots.ts'
import { placeIn, rangeOf, rangeTicks, type Tick } from './scale.ts'

export type Objective = CourseView['objectives'][number]

export const wayOf = ({ name, mode }: Objective): string => `${name} (${mode === 'min' ? 'less' : 'more'} is better)`

export interface ParetoDot extends Dot {
  readonly front: boolean
  readonly feasible: boolean
}

export interface ParetoShape {
  readonly frame: Frame
  /** Those on the front last, so that they lie on top. */
  readonly dots: readonly ParetoDot[]
  /** SVG path of steps along the front; empty when more than these two objectives decide about it. */
  readonly line: string
  readonly xs: readonly Tick[]
  readonly ys: readonly Tick[]
}

export function paretoShape(
  points: ParetoView['points'],
  objectives: readonly Objective[],
  [across, upwards]: readonly [number, number],
  idOf: (trial: number) => string,
  size: Size,
): ParetoShape {
  const base = frameOf(size, 56)
  const frame: Frame = { ...base, top: 24, bottom: size.height - 40 }
  const whole = points.flatMap(({ trial, values, feasible, front }) => {
    const [x, y] = [values[across], values[upwards]]
    return typeof x === 'number' && typeof y === 'number' ? [{ trial, x, y, feasible, front }] : []
  })
  const xRange = rangeOf(whole.map(({ x }) => x)) ?? { low: 0, high: 1 }
  const yRange = rangeOf(whole.map(({ y }) => y)) ?? { low: 0, high: 1 }
  const xAt = (x: number) => round(frame.left + placeIn(xRange, x) * (frame.right - frame.left))
  const yAt = (y: number) => round(frame.bottom - placeIn(yRange, y) * (frame.bottom - frame.top))
  const dots = whole
    .map(({ trial, x, y, feasible, front }): ParetoDot => {
      return { id: idOf(trial), number: trial, x: xAt(x), y: yAt(y), open: false, front, feasible }
    })
    .sort((a, b) => Number(a.front) - Number(b.front))
  const corner = whole.filter(({ front }) => front).sort((a, b) => a.x - b.x || a.y - b.y)
  // The space that the front covers ends in steps; on which side depends on the directions.
  const first = objectives[across]?.mode === 'min' ? 'H' : 'V'
  const line = corner
    .map(({ x, y }, i) => {
      if (i === 0) return `M${xAt(x)} ${yAt(y)}`
      return first === 'H' ? `H${xAt(x)}V${yAt(y)}` : `V${yAt(y)}H${xAt(x)}`
    })
    .join('')
  return {
    frame,
    dots,
    line: objectives.length === 2 ? line : '',
    xs: rangeTicks(xRange, Math.max(2, size.width / 90)),
    ys: rangeTicks(yRange, 4),
  }
}

const round = (value: number) => Math.round(value * 10) / 10
