/**
 * A protocol client by hand over a real WebSocket: speaks as an agent or a page without any client library, so that a crowd of
 * them costs little and each can send what a library never would.
 */
export interface Client {
  /** Resolves with what the hub answers; rejects when the connection closes first. */
  ask(event: string, message: unknown, binary?: Uint8Array): Promise<{ ok: boolean } & Record<string, unknown>>
  /** No answer is expected. */
  send(text: string): void
  readonly closed: Promise<void>
  readonly open: boolean
  close(): void
}

export async function connect(
  url: string,
  path: string,
  auth: object,
  onEvent: (event: string, message: unknown) => void = () => undefined,
): Promise<Client> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}/?EIO=4&transport=websocket`)
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>()
  let next = 0
  let open = false
  const closed = new Promise<void>(resolve => {
    socket.onclose = () => {
      open = false
      for (const { reject } of waiting.values()) reject(new Error('the connection was closed'))
      waiting.clear()
      resolve()
    }
  })
  socket.onerror = () => undefined
  await new Promise<void>((resolve, reject) => {
    void closed.then(() => reject(new Error('closed before it was open')))
    socket.onmessage = ({ data }) => {
      const text = String(data)
      if (text.startsWith('0')) socket.send(`40${JSON.stringify(auth)}`)
      else if (text === '2') socket.send('3')
      else if (text.startsWith('44')) reject(new Error(`refused: ${text.slice(2)}`))
      else if (text.startsWith('40')) {
        open = true
        resolve()
      } else if (text.startsWith('42')) {
        const [event, message] = JSON.parse(text.slice(text.indexOf('['))) as [string, unknown]
        onEvent(event, message)
      } else if (text.startsWith('43')) {
        const at = text.indexOf('[')
        const id = Number(text.slice(2, at))
        waiting.get(id)?.resolve((JSON.parse(text.slice(at)) as [never])[0])
        waiting.delete(id)
      }
    }
  })
  return {
    closed,
    get open() {
      return open
    },
    ask: (event, message, binary) =>
      new Promise((resolve, reject) => {
        if (!open) return reject(new Error('the connection is closed'))
        const id = next++
        waiting.set(id, { resolve: resolve as (answer: never) => void, reject })
        if (binary === undefined) return socket.send(`42${id}${JSON.stringify([event, message])}`)
        const data = { _placeholder: true, num: 0 }
        socket.send(`451-${id}${JSON.stringify([event, { ...(message as object), data }])}`)
        socket.send(binary as Uint8Array<ArrayBuffer>)
      }),
    send: text => socket.send(text),
    close: () => socket.close(),
  }
}

/** What an agent says first. Its one hundredth of a processor holds no trial. */
export const hello = (name: string, agent: string | null, attempts: readonly object[] = []) => ({
  version: 1,
  build: null,
  name,
  agent,
  host: { hostname: name, platform: 'linux', arch: 'x64', node: 'v24.0.0', pid: 7 },
  devices: { cpu: 0.01, memory: 1e9, gpus: [] },
  backends: [],
  labels: {},
  attempts,
})
