/**
 * The line between a waiting trial process and the agent that started it: JSON lines both ways over file descriptor 3. It
 * carries which attempt to run and what became of the process, never anything of the attempt itself: that stands in its
 * folder. When the agent goes, a waiting process ends, and a running one goes on (G9).
 */
import { Socket } from 'node:net'
import { z } from 'zod'

/** Agent to process: run this attempt, with these variables in the environment. */
const run = z.object({ run: z.string(), env: z.record(z.string(), z.string()) })
export type Run = z.infer<typeof run>

/** Process to agent. */
export type Word =
  /** Loaded, and waiting. */
  | { readonly word: 'waiting' }
  /** The attempt is this process's; or another's, and then it waits again. */
  | { readonly word: 'claimed'; readonly mine: boolean }
  /** The attempt has ended; nothing of it is left here, and it waits again. Bytes of memory in use. */
  | { readonly word: 'left'; readonly memory: number }
  /** The attempt has ended and something of it is left: the process ends. */
  | { readonly word: 'unclean'; readonly why: readonly string[] }

export interface Channel {
  say(word: Word): void
  /** Null: the agent is gone. */
  next(): Promise<Run | null>
  readonly open: boolean
  /** Whether the channel keeps the process alive: while it waits, and not while a trial runs. */
  hold(on: boolean): void
}

export function openChannel(fd: number): Channel {
  const socket = new Socket({ fd, readable: true, writable: true })
  const queue: Run[] = []
  let rest = ''
  let open = true
  let wake: (() => void) | null = null
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) queue.push(run.parse(JSON.parse(line)))
    wake?.()
  })
  const gone = () => {
    open = false
    wake?.()
  }
  socket.on('close', gone)
  socket.on('end', gone)
  socket.on('error', gone)
  return {
    get open() {
      return open
    },
    say(word) {
      if (open) socket.write(`${JSON.stringify(word)}\n`)
    },
    async next() {
      while (queue.length === 0 && open)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      return queue.shift() ?? null
    },
    hold(on) {
      if (on) socket.ref()
      else socket.unref()
    },
  }
}
