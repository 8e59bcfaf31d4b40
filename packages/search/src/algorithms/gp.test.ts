import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'
import { codingOf } from './coding.ts'
import { embeddingOf } from './embedding.ts'
import { logEi, logEiSlopes } from './expected-improvement.ts'
import { fitGp, type GpModel, gpModel, gpStart } from './gaussian-process.ts'
import { gp } from './gp.ts'
import { bestSoFar, branin, complete, mixed, rosenbrock } from './testing/objectives.ts'

function cloud(count: number, axes: number): Float64Array[] {
  return Array.from({ length: count }, (_, at) => {
    const random = randomStream(3, 'cloud', at)
    return Float64Array.from({ length: axes }, () => random())
  })
}

const wave = (point: Float64Array) => Math.sin(6 * (point[0] ?? 0)) + 0.1 * (point[1] ?? 0)

describe('the Gaussian process', () => {
  const points = cloud(30, 3)
  const targets = Float64Array.from(points, wave)
  const groups = [0, 1, 2]

  it('passes through what it saw, is unsure elsewhere, and knows nothing far away', () => {
    const model = gpModel(points, targets, groups, [1, 1, 1, 0, -20])
    points.forEach((point, at) => {
      const { mean, variance } = model.at(point)
      expect(mean).toBeCloseTo(targets[at] ?? 0, 3)
      expect(variance).toBeLessThan(1e-4)
    })
    const far = model.at(Float64Array.of(50, 50, 50))
    expect(far.mean).toBeCloseTo(0, 6)
    expect(far.variance).toBeCloseTo(1, 6)
  })

  it('has the slopes that differences show', () => {
    const model = gpModel(points, targets, groups, [0.5, -0.3, 0.1, 0.2, -6])
    const at = Float64Array.of(0.3, 0.6, 0.45)
    const slopes = model.slopes(at)
    const value = (m: GpModel, x: Float64Array) => m.at(x)
    for (let axis = 0; axis < 3; axis++) {
      const ahead = value(model, at.with(axis, (at[axis] ?? 0) + 1e-5))
      const behind = value(model, at.with(axis, (at[axis] ?? 0) - 1e-5))
      expect(slopes.byMean[axis]).toBeCloseTo((ahead.mean - behind.mean) / 2e-5, 5)
      expect(slopes.byVariance[axis]).toBeCloseTo((ahead.variance - behind.variance) / 2e-5, 5)
    }
    const [byMean, byVariance] = logEiSlopes(0.2, 0.3, 0.9)
    expect(byMean).toBeCloseTo((logEi(0.2 + 1e-6, 0.3, 0.9) - logEi(0.2 - 1e-6, 0.3, 0.9)) / 2e-6, 5)
    expect(byVariance).toBeCloseTo((logEi(0.2, 0.3 + 1e-6, 0.9) - logEi(0.2, 0.3 - 1e-6, 0.9)) / 2e-6, 5)
  })

  it('keeps log EI finite and falling where EI itself underflows', () => {
    const values = [1, 3, 10, 19.9, 20.1, 50, 500].map(best => logEi(0, 1, best))
    values.forEach((value, at) => {
      expect(Number.isFinite(value)).toBe(true)
      if (at > 0) expect(value).toBeLessThan(values[at - 1] ?? 0)
    })
    expect(logEi(0, 1, 19.999)).toBeCloseTo(logEi(0, 1, 20.001), 1)
    expect(Math.exp(logEi(0, 1, 0))).toBeCloseTo(0.3989422804, 9)
  })

  it('learns which axis matters', () => {
    const [x = 0, y = 0, z = 0] = fitGp(points, targets, groups, gpStart(3), 60)
    expect(x).toBeGreaterThan(y)
    expect(x).toBeGreaterThan(z + 2)
  })

  it('puts an inactive number at one distance from all active ones', () => {
    const space: Space = {
      opt: {
        kind: 'choice',
        options: [{ value: 'a' }, { value: 'b', children: { m: { kind: 'uniform', low: 0, high: 1 } } }],
      },
    }
    const coding = codingOf(space)
    const { embed } = embeddingOf(coding)
    const [none, low, high] = [{ opt: 'a' }, { opt: 'b', m: 0 }, { opt: 'b', m: 1 }].map(a => embed(coding.encode(a)))
    const gap = (a?: Float64Array, b?: Float64Array) =>
      Math.hypot(...Array.from(a ?? [], (x, at) => x - (b?.[at] ?? 0)))
    expect(gap(none, low)).toBeCloseTo(gap(none, high), 12)
    expect(gap(none, low)).toBeGreaterThan(gap(low, high))
  })
})

describe('GP search', () => {
  it('finds smooth, curved and mixed conditional optima in few trials', () => {
    const after = (objective: typeof branin, trials: number) =>
      bestSoFar(gp({ space: objective.space, seed: 1, block: 'b', mode: 'min' }), objective, trials).at(-1)
    expect(after(branin, 40)).toBeLessThan(0.41)
    expect(after(rosenbrock(2), 40)).toBeLessThan(3)
    expect(after(mixed, 40)).toBeLessThan(0.055)
  })

  it('keeps a batch apart and does not repeat running points', () => {
    const space: Space = { x: { kind: 'uniform', low: 0, high: 1 }, k: { kind: 'randint', low: 0, high: 3 } }
    const history = Array.from({ length: 14 }, (_, at) => {
      const random = randomStream(1, 'h', at)
      const assignment = draw(space, random)
      return complete(at + 1, assignment, (Number(assignment.x) - 0.4) ** 2 + Number(assignment.k) + 0.1 * random())
    })
    const algorithm = gp({ space, seed: 1, block: 'b', mode: 'min' })
    const { variants } = algorithm.propose(algorithm.initial, history, 5)
    const places = variants.map(point => Number(point.x) + 10 * Number(point.k)).sort((a, b) => a - b)
    for (const [at, place] of places.slice(1).entries()) expect(place - (places[at] ?? 0)).toBeGreaterThan(1e-4)
  })
})
