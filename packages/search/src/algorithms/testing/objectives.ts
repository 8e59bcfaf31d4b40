// Functions with known optima, and a loop that runs a search over one: for tests and the bench, not for users.
// Ranges and optima are those of the reference table (design page, 4.2).

import type { SearchAlgorithm } from '../../contract.ts'
import type { History, TrialRecord } from '../../history.ts'
import type { Json } from '../../json.ts'
import { randomStream } from '../../random.ts'
import type { Assignment, Distribution, Space } from '../../space.ts'

export interface Objective {
  readonly name: string
  readonly space: Space
  readonly optimum: number
  /** To be minimised. */
  readonly value: (point: Assignment) => number
}

/** The best value after each trial: `result[i]` after `i + 1`. Trials run one after another. */
export function bestSoFar<State extends Json>(
  algorithm: SearchAlgorithm<State>,
  objective: Objective,
  trials: number,
): number[] {
  const history: TrialRecord[] = []
  const best: number[] = []
  let state = algorithm.initial
  while (history.length < trials) {
    const proposal = algorithm.propose(state, history, 1)
    state = proposal.state
    const assignment = proposal.variants[0]
    if (assignment === undefined) break
    const value = objective.value(assignment)
    history.push(complete(history.length + 1, assignment, value))
    best.push(Math.min(value, best.at(-1) ?? Number.POSITIVE_INFINITY))
  }
  return best
}

export function complete(number: number, assignment: Assignment, value: number): TrialRecord {
  return { number, status: 'complete', assignment, reports: [{ step: 1, value }] }
}

/** `count` finished random trials of six names, two of them whole numbers and one a choice, for the cost of a proposal. */
export function sixNames(count: number): { readonly space: Space; readonly history: History } {
  const space: Space = {
    lr: { kind: 'loguniform', low: 1e-5, high: 1 },
    wd: { kind: 'loguniform', low: 1e-7, high: 0.1 },
    momentum: { kind: 'uniform', low: 0, high: 0.99 },
    layers: { kind: 'randint', low: 1, high: 7 },
    width: { kind: 'lograndint', low: 16, high: 1025 },
    activation: { kind: 'choice', options: [{ value: 'relu' }, { value: 'gelu' }, { value: 'tanh' }] },
  }
  const history = Array.from({ length: count }, (_, at) => {
    const random = randomStream(1, 'cost', at)
    const assignment = {
      lr: 10 ** (-5 * random()),
      wd: 10 ** (-7 + 6 * random()),
      momentum: 0.99 * random(),
      layers: 1 + Math.floor(6 * random()),
      width: Math.floor(16 * 64 ** random()),
      activation: ['relu', 'gelu', 'tanh'][Math.floor(3 * random())] ?? 'relu',
    }
    return complete(at + 1, assignment, (Math.log10(assignment.lr) + 3) ** 2 + random())
  })
  return { space, history }
}

function box(dimensions: number, low: number, high: number): Space {
  const side: Distribution = { kind: 'uniform', low, high }
  return Object.fromEntries(Array.from({ length: dimensions }, (_, at) => [`x${at}`, side]))
}

function axes(point: Assignment, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, at) => Number(point[`x${at}`]))
}

export const branin: Objective = {
  name: 'Branin',
  optimum: 0.397887,
  space: { x0: { kind: 'uniform', low: -5, high: 10 }, x1: { kind: 'uniform', low: 0, high: 15 } },
  value(point) {
    const x = Number(point.x0)
    const y = Number(point.x1)
    const curve = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6
    return curve ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10
  },
}

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
]
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]

export const hartmann6: Objective = {
  name: 'Hartmann-6',
  optimum: -3.32237,
  space: box(6, 0, 1),
  value(point) {
    const x = axes(point, 6)
    return -[1, 1.2, 3, 3.2].reduce((sum, alpha, row) => {
      const inner = x.reduce(
        (total, value, at) => total + (HARTMANN_A[row]?.[at] ?? 0) * (value - (HARTMANN_P[row]?.[at] ?? 0)) ** 2,
        0,
      )
      return sum + alpha * Math.exp(-inner)
    }, 0)
  },
}

export function rosenbrock(dimensions: number): Objective {
  return {
    name: `Rosenbrock-${dimensions}`,
    optimum: 0,
    space: box(dimensions, -5, 10),
    value(point) {
      const x = axes(point, dimensions)
      return x.slice(1).reduce((sum, next, at) => {
        const here = x[at] ?? 0
        return sum + 100 * (next - here ** 2) ** 2 + (1 - here) ** 2
      }, 0)
    },
  }
}

/** With `shift`, the optimum lies off the centre by that share of the half side, another sign on every second axis. */
export function sphere(dimensions: number, shift = 0): Objective {
  return {
    name: shift === 0 ? `Sphere-${dimensions}` : `Sphere-${dimensions} shifted`,
    optimum: 0,
    space: box(dimensions, -5, 5),
    value: point =>
      axes(point, dimensions).reduce((sum, x, at) => sum + (x - 5 * shift * (at % 2 === 0 ? 1 : -1)) ** 2, 0),
  }
}

/** Three optimisers with names of their own; the minimum is 0.05. */
export const mixed: Objective = {
  name: 'Mixed conditional',
  optimum: 0.05,
  space: {
    lr: { kind: 'loguniform', low: 1e-5, high: 1 },
    layers: { kind: 'randint', low: 1, high: 7 },
    wd: { kind: 'loguniform', low: 1e-7, high: 0.1 },
    opt: {
      kind: 'choice',
      options: [
        { value: 'sgd', children: { momentum: { kind: 'uniform', low: 0, high: 0.99 } } },
        { value: 'adam', children: { beta2: { kind: 'uniform', low: 0.9, high: 0.9999 } } },
        { value: 'lamb' },
      ],
    },
  },
  value(point) {
    const [centre, base] = point.opt === 'sgd' ? [-1, 0.1] : point.opt === 'adam' ? [-3, 0.05] : [-2, 0.08]
    const common =
      base +
      0.03 * (Math.log10(Number(point.lr)) - centre) ** 2 +
      0.01 * Math.abs(Number(point.layers) - 4) +
      0.004 * (Math.log10(Number(point.wd)) + 4) ** 2
    if (point.opt === 'sgd') return common + 0.2 * (Number(point.momentum) - 0.9) ** 2
    if (point.opt === 'adam') return common + 20 * (Number(point.beta2) - 0.98) ** 2
    return common
  },
}
