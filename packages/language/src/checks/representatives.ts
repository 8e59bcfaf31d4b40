/**
 * What a distribution may draw, as values that can be checked like written ones: its bounds, and a number between them. Used by
 * `checks/components.ts`; a keyword that takes whole numbers finds out about !uniform this way.
 */
import type { NumericDistribution } from '../distribution.ts'
import type { AstOption, AstScalar } from '../reader/ast.ts'

export function representatives(node: AstOption, distribution: NumericDistribution): readonly AstScalar[] {
  const items = node.kind === 'grid' ? [] : node.items
  const scalar = (value: number, place: number | null): AstScalar => {
    const span = (place === null ? undefined : items[place]?.span) ?? node.span
    const text = String(Number(value.toPrecision(4)))
    return { kind: 'scalar', id: node.id, span, path: node.path, shared: false, value, text, int: false }
  }
  switch (distribution.kind) {
    case 'randint':
    case 'lograndint':
      return [scalar(distribution.low, 0), scalar(distribution.high - 1, 1)]
    case 'uniform':
    case 'loguniform': {
      const { low, high } = distribution
      return [scalar(low, 0), scalar(high, 1), scalar(low + (high - low) * 0.381966, null)]
    }
    case 'quniform':
    case 'qloguniform': {
      const { low, high, q } = distribution
      return [scalar(low, 0), scalar(low + Math.floor((high - low) / q + 1e-9) * q, 1), scalar(low + q, 2)]
    }
    case 'normal':
      return [scalar(distribution.mean + distribution.sd * 0.123456, null)]
    case 'qnormal':
      return [scalar(Math.round(distribution.mean / distribution.q) * distribution.q, 0), scalar(distribution.q, 2)]
  }
}
