/** A hub in a process of its own, for tests that kill it: `node hub-process.ts DIR PORT`. Prints its address and token as JSON. */
import { pino } from 'pino'
import { createHub } from '../hub.ts'
import { serve } from '../serve.ts'

const [dir, port] = process.argv.slice(2) as [string, string]
const hub = await createHub({
  dataDir: dir,
  logger: pino({ level: 'error' }, pino.destination(2)),
  limits: { outbox_retry: 50 },
})
const { url } = await serve({ hub, port: Number(port) })
process.stdout.write(`${JSON.stringify({ url, token: hub.localToken() })}\n`)
