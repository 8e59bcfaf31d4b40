/**
 * What becomes of bytes that an agent sends for a stream, from the numbers alone (G2, G3, G7): taken as the next ones, known
 * already, not yet wanted, or of an attempt that was given up. Pure: streams.ts follows it over SQLite, and so does the
 * in-memory store of the hub's simulation.
 */
import type { AppendRequest } from './contract.ts'

export type Judged =
  | { readonly kind: 'fenced' }
  | { readonly kind: 'gap' }
  /** The first `seen` bytes are stored: the same, or it is a conflict. Nothing else of the request is taken. */
  | { readonly kind: 'known'; readonly seen: number }
  /** The first `seen` bytes are stored (and must be the same); the rest is new. */
  | { readonly kind: 'new'; readonly seen: number }

/** `next`: what the stream wants. `newest`: the trial's newest epoch, if the trial is known. */
export function judgeAppend(
  request: Pick<AppendRequest, 'attempt' | 'stream' | 'offset'> & { readonly length: number },
  next: number,
  newest: number | undefined,
): Judged {
  const { attempt, stream, offset, length } = request
  if (newest !== undefined && newest > Number(attempt.slice(attempt.lastIndexOf('.') + 1))) return { kind: 'fenced' }
  if (offset > next) return { kind: 'gap' }
  const seen = Math.min(next - offset, length)
  // The points of a batch of records cannot be split: one that begins with known bytes is sent again from `next`.
  if (seen === length || (stream === 'records' && seen > 0)) return { kind: 'known', seen }
  return { kind: 'new', seen }
}
