/** Brings one blob of the hub to a file of this machine; the content is checked against its hash before it gets its name. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HubConnection } from '../client/connect.ts'
import { Refused } from '../client/refused.ts'

export async function downloadTo(
  hub: HubConnection,
  file: { readonly sha256: string; readonly path: string },
  to: string,
): Promise<void> {
  const answer = await hub.http(`/api/blobs/${file.sha256}`)
  if (!answer.ok || answer.body === null)
    throw new Refused(`the hub did not give ${file.path}: ${answer.status} ${answer.statusText}`, 3)
  await mkdir(dirname(to), { recursive: true })
  const hash = createHash('sha256')
  await pipeline(
    Readable.fromWeb(answer.body as never),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(`${to}.part`),
  )
  if (hash.digest('hex') !== file.sha256) throw new Refused(`${file.path} arrived damaged from the hub`, 3)
  await rename(`${to}.part`, to)
}
