/** What this machine can give to trials of a local run, known before anything is touched (the agent probes in full later). */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Plan } from '@flambe/language'
import { Refused } from '../client/refused.ts'

export interface Machine {
  readonly cpus: number
  readonly gpus: number
}

export function thisMachine(slots: number | undefined): Machine {
  const listed = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8', timeout: 10_000 })
  const gpus = listed.status === 0 ? listed.stdout.split('\n').filter(line => line.startsWith('GPU ')).length : 0
  return { cpus: slots ?? availableParallelism(), gpus }
}

/** A local run that can never start is an error at once, not a trial that waits for ever (language.md, decision 14). */
export function refuseTooLarge(plan: Plan, machine: Machine): void {
  const short = plan.blocks.flatMap(({ id, devices }) =>
    (
      [
        ['CPU', devices.cpu, machine.cpus],
        ['GPU', devices.gpu ?? 0, machine.gpus],
      ] as const
    )
      .filter(([, needed, there]) => needed > there)
      .map(([kind, needed, there]) => {
        const what = `${needed} ${kind}${needed === 1 ? '' : 's'}`
        return `block ${id} needs ${what} a trial, this machine has ${there}`
      }),
  )
  if (short.length === 0) return
  const shown = short.length > SHOWN ? [...short.slice(0, SHOWN), `${short.length - SHOWN} more`] : short
  const message = `${shown.join('; ')}: lower \`devices\`, or run on a hub with --hub`
  throw new Refused(message, 2, 'too-few-devices')
}

const SHOWN = 4
