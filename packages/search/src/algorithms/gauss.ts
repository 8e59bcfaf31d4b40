// The standard normal distribution to double precision: what kernels, warps and acquisition functions stand on.
// Tails are computed in log space, and right tails by mirroring, so that nothing underflows where it matters.

const SQRT2 = Math.SQRT2
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)

/** P(Z <= z). */
export function cdf(z: number): number {
  return 0.5 * erfc(-z / SQRT2)
}

/** log P(Z <= z), finite for every finite z. */
export function logCdf(z: number): number {
  if (z > 6) return Math.log1p(-0.5 * erfc(z / SQRT2))
  if (z > -1) return Math.log(cdf(z))
  return Math.log(0.5 * scaledErfc(-z / SQRT2)) - (z * z) / 2
}

export function logPdf(z: number): number {
  return -0.5 * z * z - LOG_SQRT_2PI
}

/** log P(a < Z < b) for a < b; the interval is mirrored into the left tail first. */
export function logMass(a: number, b: number): number {
  if (a > 0) return logMass(-b, -a)
  if (b > 0) return Math.log(Math.max(cdf(b) - cdf(a), Number.MIN_VALUE))
  const high = logCdf(b)
  const gap = logCdf(a) - high
  return gap >= 0 ? high + Math.log(Number.MIN_VALUE) : high + Math.log(-Math.expm1(gap))
}

/** The z with P(Z <= z) = p, for 0 < p < 1: Acklam's rational approximation and one step of Halley's method. */
export function quantile(p: number): number {
  if (p > 0.5) return -quantile(1 - p)
  const z = p < 0.02425 ? tail(Math.sqrt(-2 * Math.log(p))) : centre(p - 0.5)
  const error = cdf(z) - p
  const u = error * Math.exp(0.5 * z * z + LOG_SQRT_2PI)
  return z - u / (1 + (z * u) / 2)
}

/** A draw of a normal truncated to [low, high]; `mean` must lie inside, so that the mass is never small. */
export function truncated(mean: number, sd: number, low: number, high: number, at: number): number {
  const from = cdf((low - mean) / sd)
  const above = cdf((mean - high) / sd)
  const p = from + at * (1 - above - from)
  const z =
    p <= 0.5 ? quantile(Math.max(p, 1e-300)) : -quantile(Math.max(above + (1 - at) * (1 - above - from), 1e-300))
  return Math.min(Math.max(mean + sd * z, low), high)
}

const TAIL_OVER = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const TAIL_UNDER = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1]
const CENTRE_OVER = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
]
const CENTRE_UNDER = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
]

function tail(q: number): number {
  return poly(TAIL_OVER, q) / poly(TAIL_UNDER, q)
}

function centre(q: number): number {
  return (poly(CENTRE_OVER, q * q) * q) / poly(CENTRE_UNDER, q * q)
}

function poly(coefficients: readonly number[], x: number): number {
  let value = 0
  for (const c of coefficients) value = value * x + c
  return value
}

/** W. J. Cody, Rational Chebyshev approximations for the error function (1969). */
function erfc(x: number): number {
  const y = Math.abs(x)
  if (y <= 0.46875) return 1 - erfSmall(x)
  const right = y > 26.6 ? 0 : Math.exp(-y * y) * scaledErfc(y)
  return x > 0 ? right : 2 - right
}

function erfSmall(x: number): number {
  const y = x * x
  let over = 0.18577770618460315 * y
  let under = y
  over = (over + 3.1611237438705655) * y
  under = (under + 23.601290952344122) * y
  over = (over + 113.86415415105016) * y
  under = (under + 244.02463793444417) * y
  over = (over + 377.485237685302) * y
  under = (under + 1282.6165260773723) * y
  return (x * (over + 3209.3775891384694)) / (under + 2844.236833439171)
}

/** exp(y * y) * erfc(y) for y > 0.46875. */
function scaledErfc(y: number): number {
  if (y <= 0.46875) return Math.exp(y * y) * (1 - erfSmall(y))
  if (y <= 4) {
    let over = 2.1531153547440383e-8 * y
    let under = y
    for (let at = 0; at < 7; at++) {
      over = (over + must(MID_OVER[at])) * y
      under = (under + must(MID_UNDER[at])) * y
    }
    return (over + 1230.3393547979972) / (under + 1230.3393548037495)
  }
  const z = 1 / (y * y)
  let over = 0.016315387137302097 * z
  let under = z
  for (let at = 0; at < 4; at++) {
    over = (over + must(FAR_OVER[at])) * z
    under = (under + must(FAR_UNDER[at])) * z
  }
  const rest = (z * (over + 0.0006587491615298378)) / (under + 0.0023352049762686918)
  return (1 / Math.sqrt(Math.PI) - rest) / y
}

const MID_OVER = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716,
]
const MID_UNDER = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216,
]
const FAR_OVER = [0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275]
const FAR_UNDER = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132]

function must(value: number | undefined): number {
  return value ?? Number.NaN
}
