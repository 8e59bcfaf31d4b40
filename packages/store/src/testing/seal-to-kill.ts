/**
 * A process that stores 20,000 points and kills itself in the middle of sealing them, at the change that a trigger names.
 * Run by durability.test.ts as `node seal-to-kill.ts DIR CHANGE`, for example `INSERT ON chunks`.
 */
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { openDatabase } from '../database.ts'
import { sealer } from '../points/seal.ts'
import { streamsOf } from '../streams.ts'
import { writer } from '../writer.ts'

const [dir = '', change = ''] = process.argv.slice(2)
const raw = openDatabase(dir, 0)
raw.function('die', () => {
  process.kill(process.pid, 'SIGKILL')
})
const queue = writer(raw, false)
const streams = streamsOf(raw, drizzle(raw), sealer(raw, queue, false).stored)
const append = (offset: number) => {
  const steps = Array.from({ length: 1000 }, (_, i) => offset * 1000 + i)
  const points = [{ tag: 'loss', steps, times: steps, values: steps }]
  return streams.append({
    attempt: 'ex.train.1.1',
    stream: 'records',
    offset,
    data: Buffer.from('.'),
    points,
    others: [],
  })
}
await queue.write(() => {
  for (let offset = 0; offset < 20; offset++) append(offset)
  // The fifth of the chunks, or of the payloads, that this slice changes.
  raw.exec(`CREATE TEMP TABLE seen (n);
    CREATE TEMP TRIGGER deadly AFTER ${change} BEGIN
      INSERT INTO seen VALUES (1);
      SELECT die() WHERE (SELECT count(*) FROM seen) = 5;
    END`)
})
// Keeps the process alive until the slice runs.
setInterval(() => undefined, 1000)
