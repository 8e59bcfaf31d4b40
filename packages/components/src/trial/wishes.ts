/**
 * What the agent wishes: `control.json`, looked at after every step, and SIGTERM, which means stop. A stronger
 * wish replaces a weaker one and is never taken back; `checkpoint` is answered once. The file is watched only when somebody
 * must be told in the middle of a step: every line that a trial writes into its folder wakes a watcher.
 */
import { existsSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { control, FOLDER } from '@flambe/protocol'

export interface Wishes {
  /** pause or stop, once wished. */
  end(): 'pause' | 'stop' | null
  /** True once for every wish for a checkpoint. */
  checkpoint(): boolean
  /** Looks at the file now. */
  look(): void
  /** Told at once, also in the middle of a step; at once too when it was wished already. */
  onEnd(listener: (wish: 'pause' | 'stop') => void): void
  /** Watches no more. */
  close(): void
}

const LOOK_EVERY = 1_000

export function watchWishes(folder: string): Wishes {
  const file = join(folder, FOLDER.control)
  const listeners: ((wish: 'pause' | 'stop') => void)[] = []
  let seen = -1
  let end: 'pause' | 'stop' | null = null
  let checkpoint = false

  const wish = (next: 'pause' | 'stop') => {
    if (end === next || end === 'stop') return
    end = next
    for (const listener of listeners) listener(next)
  }
  const look = () => {
    // Mostly there is none, and an error costs more than this look.
    if (!existsSync(file)) return
    let json: unknown
    try {
      json = JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      return // it is being written: looked at again soon
    }
    const parsed = control.safeParse(json)
    if (!parsed.success || parsed.data.number <= seen) return
    seen = parsed.data.number
    if (parsed.data.wish === 'checkpoint') checkpoint = true
    else if (parsed.data.wish !== 'run') wish(parsed.data.wish)
  }

  const stop = () => wish('stop')
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  let unwatch: (() => void) | null = null
  /** Neither keeps the process alive: a trial that waits for nothing must be seen to have ended. */
  const startWatching = () => {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === FOLDER.control) look()
    })
    watcher.on('error', () => watcher.close()) // the timer still looks
    const timer = setInterval(look, LOOK_EVERY)
    timer.unref()
    return () => {
      clearInterval(timer)
      watcher.close()
    }
  }
  look()

  return {
    end: () => end,
    checkpoint() {
      const wished = checkpoint
      checkpoint = false
      return wished
    },
    look,
    onEnd(listener) {
      unwatch ??= startWatching()
      look()
      listeners.push(listener)
      if (end !== null) listener(end)
    },
    close() {
      unwatch?.()
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
    },
  }
}
