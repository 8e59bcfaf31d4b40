/**
 * How an attempt ended, decided once when its process is gone. A trial says so itself in exit.json; without that, the cause
 * decides the class, because classes decide whose fault it is and whether it is tried again (G14).
 */
import type { Exit, ExitFile, WireFailure } from '@flambe/protocol'

export interface Evidence {
  readonly exitFile: ExitFile | 'damaged' | null
  readonly wish: 'run' | 'pause' | 'stop' | 'kill'
  /** Of our own child; null when it was started by an earlier agent. */
  readonly code: number | null
  readonly signal: string | null
  /** The kernel killed something for want of memory while the trial ran. */
  readonly outOfMemory: boolean
  /** The machine has booted since the start. */
  readonly rebooted: boolean
  /** Nobody watched when it went: the agent was away. */
  readonly unwatched: boolean
  /** The end of stderr. */
  readonly stderr: string
}

const WASM_HEAP = 'memory access out of bounds'

export function verdict(e: Evidence): Exit {
  if (e.exitFile === 'damaged') return fail('infrastructure', 'the exit record is damaged', e.stderr)
  if (e.exitFile !== null) return sharpen(e.exitFile.exit)
  if (e.wish === 'stop' || e.wish === 'kill') return { kind: 'stopped' }
  if (e.rebooted) return fail('agent-restarted', 'the machine was restarted while the trial ran', '')
  const killed = e.signal === 'SIGKILL' || e.code === 137
  if (e.stderr.includes(WASM_HEAP) || (e.outOfMemory && (killed || e.code === null)))
    return fail('out-of-memory', 'the trial ran out of memory', e.stderr)
  if (e.unwatched) return fail('agent-restarted', 'the trial process went while the agent was away', e.stderr)
  return fail('user-code', `the trial process ended without a result (${how(e)})${lastLine(e.stderr)}`, e.stderr)
}

export function fail(failure: WireFailure['class'], message: string, stderr: string): Exit {
  return {
    kind: 'failed',
    failure: {
      class: failure,
      // One line says it all: lists of trials show nothing else.
      message: message
        .trim()
        .replace(/\s*\n\s*/g, ' ')
        .slice(0, 10_000),
      stack: stderr === '' ? null : stderr.slice(-20_000),
    },
  }
}

/** A trial cannot always tell that its heap is full: TensorFlow.js's wasm says it in its own words. */
function sharpen(exit: Exit): Exit {
  if (exit.kind !== 'failed' || exit.failure.class !== 'user-code' || !exit.failure.message.includes(WASM_HEAP))
    return exit
  return { kind: 'failed', failure: { ...exit.failure, class: 'out-of-memory' } }
}

function how(e: Evidence): string {
  if (e.signal !== null) return `signal ${e.signal}`
  return e.code === null ? 'exit code not known' : `exit code ${e.code}`
}

/** The line that says what went wrong: the last that names an error, else the last. */
function lastLine(stderr: string): string {
  const lines = stderr.trimEnd().split('\n')
  const line = (lines.findLast(one => /^\s*[\w.]*(Error|Exception)\b/.test(one)) ?? lines.at(-1) ?? '').trim()
  return line === '' ? '' : `: ${line.slice(0, 500)}`
}
