/** How new weights are drawn. In plain JavaScript, so that every backend starts with the same bits. */
import type { Random } from '../../core/random.ts'
import type { Fill } from './module.ts'

export const zeros: Fill = () => undefined
export const ones: Fill = values => {
  values.fill(1)
}

/** Glorot and Bengio 2010: uniform within sqrt(6 / (fan_in + fan_out)). */
export const glorotUniform = (fan_in: number, fan_out: number): Fill => uniform(Math.sqrt(6 / (fan_in + fan_out)))

/** He et al. 2015: normal with deviation sqrt(2 / fan_in), cut at two deviations; for rectified layers. */
export const heNormal = (fan_in: number): Fill => {
  // Cutting at two deviations leaves a deviation of 0.8796.
  const scale = Math.sqrt(2 / fan_in) / 0.8796256610342398
  return (values, random) => {
    for (let i = 0; i < values.length; i++) values[i] = scale * truncatedNormal(random)
  }
}

function uniform(bound: number): Fill {
  return (values, random) => {
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.next() - 1) * bound
  }
}

/** Box-Muller, drawn again beyond two deviations. */
function truncatedNormal(random: Random): number {
  for (;;) {
    const z = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    if (Math.abs(z) <= 2) return z
  }
}
