/** The hub of a local run: in this process, on loopback and a free port, without pages; its data lies in the output folder. */
import { createHub, serve } from '@flambe/hub'
import type { Logger } from 'pino'
import { connect, type HubConnection } from '../client/connect.ts'
import { Refused } from '../client/refused.ts'
import { readLocal } from '../client/tokens.ts'

export interface LocalHub {
  readonly connection: HubConnection
  close(): Promise<void>
}

export async function startLocalHub(dataDir: string, logger: Logger): Promise<LocalHub> {
  const hub = await createHub({ dataDir, logger })
  const server = await serve({ hub, host: '127.0.0.1', port: 0 })
  const local = readLocal(dataDir)
  if (local === null) throw new Refused(`the hub left no local.json in ${dataDir}`, 3)
  return { connection: connect(local), close: () => server.close() }
}
