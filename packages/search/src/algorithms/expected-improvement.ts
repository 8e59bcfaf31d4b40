// log EI without underflow, and its slopes (Ament et al., "Unexpected improvements to expected improvement", 2023).

import { cdf, logCdf, logPdf } from './gauss.ts'

/** The logarithm of the expected amount by which a normal exceeds `best`. */
export function logEi(mean: number, variance: number, best: number): number {
  const sd = Math.sqrt(variance)
  return Math.log(sd) + logGain((mean - best) / sd)
}

/** By mean and by variance. */
export function logEiSlopes(mean: number, variance: number, best: number): readonly [number, number] {
  const sd = Math.sqrt(variance)
  const z = (mean - best) / sd
  const gain = logGain(z)
  return [Math.exp(logCdf(z) - gain) / sd, Math.exp(logPdf(z) - gain) / (2 * variance)]
}

/** log of phi(z) + z Phi(z). */
function logGain(z: number): number {
  if (z > -1) return Math.log(Math.exp(logPdf(z)) + z * cdf(z))
  if (z < -20) return logPdf(z) - 2 * Math.log(-z) + Math.log1p(-3 / (z * z) + 15 / z ** 4)
  return logPdf(z) + Math.log1p(z * Math.exp(logCdf(z) - logPdf(z)))
}
