/** A whole output stream as a file: read from the hub window by window, up to a limit that a browser bears. */
import { read } from '../api/client.ts'
import { saveText } from '../chart/save.ts'

const WINDOW = 262_144
/** Beyond this the archive of the trial is the better way. */
export const MOST_BYTES = 64 * 1024 * 1024

export async function saveOutput(attempt: string, stream: 'stdout' | 'stderr'): Promise<void> {
  const parts: string[] = []
  let from = 0
  while (from < MOST_BYTES) {
    const view = await read('output.read', { attempt, stream, from, bytes: WINDOW })
    parts.push(view.text)
    if (view.to <= from || view.to >= view.size) break
    from = view.to
  }
  saveText(`${attempt}.${stream}.txt`, parts.join(''), 'text/plain')
}
