/** "Did you mean": the nearest of the known words, if one is near. Used by every check of a name. */
import { distance } from 'fastest-levenshtein'

export function suggest(word: string, known: Iterable<string>): string | null {
  if (word.length > 100) return null
  const most = Math.min(word.length - 1, Math.max(1, Math.floor(word.length * 0.4)))
  let best: string | null = null
  let least = most + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > most) continue
    const d = apart(word.toLowerCase(), candidate.toLowerCase())
    if (d < least) {
      least = d
      best = candidate
    }
  }
  return best
}

/** Swapped letters count once, however far they went. */
function apart(a: string, b: string): number {
  return a.length === b.length && a !== b && sorted(a) === sorted(b) ? 1 : distance(a, b)
}

function sorted(text: string): string {
  return [...text].sort().join('')
}

/** `did you mean x?`, else the list of what there is when it is short, else nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const all = [...known]
  const near = suggest(word, all)
  if (near !== null) return `did you mean ${near}?`
  if (all.length === 0 || all.length > 12) return ''
  return `known: ${all.join(', ')}`
}
