/** A trial's seed: the same for the same experiment seed and variant, on every machine, whatever the block or number. */

/** 32-bit, never 0. FNV-1a over UTF-16 code units, finished with the mixer of MurmurHash3. */
export function trialSeed(experimentSeed: number, variant: string): number {
  let h = 0x811c9dc5
  const text = `${experimentSeed}:${variant}`
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h = (h ^ (h >>> 16)) >>> 0
  return h === 0 ? 1 : h
}
