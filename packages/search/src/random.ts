// One random stream per trial number, derived from (seed, block, number), so that draws never depend on timing (G17).
// Nothing here is kept between calls: a stream is made anew from its three names, and is no part of any state.

/** Uniform numbers in [0, 1) with 32 bits. */
export type Random = () => number

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded by FNV-1a of the three names and warmed by 16 rounds. */
export function randomStream(seed: number, block: string, number: number): Random {
  const name = JSON.stringify([seed, block, number])
  let a = fnv1a(`a${name}`)
  let b = fnv1a(`b${name}`)
  let c = fnv1a(`c${name}`)
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 16; round++) next()
  return next
}

/** Standard normal by Box and Muller (1958); uses two numbers of the stream. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash | 0
}
