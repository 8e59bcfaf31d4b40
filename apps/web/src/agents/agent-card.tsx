'use client'
/** One agent: state and last contact, slots as squares, load, trials now, the backend ladder with reasons. */
import { Check, KeyRound, MonitorCog, Power, PowerOff, X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { commandId, errorText } from '../api/client.ts'
import { useWrite } from '../api/query.ts'
import type { AgentView } from '../api/views.ts'
import { bytesText, cpuText, plural } from '../format/number.ts'
import { plainText } from '../format/plain.ts'
import { durationText } from '../format/time.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Ago } from '../ui/clock.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Input } from '../ui/field.tsx'
import { Meter } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Swatch } from '../ui/swatch.tsx'
import { useToast } from '../ui/toast.tsx'
import { Revoke } from './revoke.tsx'
import { SlotSquares } from './slot-squares.tsx'

/** Less than this waits for delivery all the time while a trial prints. */
const BACKLOG_WORTH_TELLING = 256 * 1024
const SHOWN = 8

/** `pointed`: a search led here. */
export function AgentCard({ agent, pointed }: { readonly agent: AgentView; readonly pointed: boolean }) {
  return (
    <li
      ref={element => {
        if (pointed) element?.scrollIntoView({ block: 'nearest' })
      }}
      className={cx(
        'flex min-w-0 scroll-mt-14 flex-col gap-3 rounded-lg border bg-surface p-3',
        pointed ? 'border-accent' : 'border-line',
        agent.revoked && 'border-dashed text-muted',
      )}
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2">
            <h2 className="truncate text-base font-semibold">{agent.name}</h2>
            {agent.revoked ? (
              <span className="inline-flex items-center gap-1.5 font-medium text-muted">
                <KeyRound aria-hidden className="size-3.5" /> revoked
              </span>
            ) : (
              <StateBadge state={agent.state} />
            )}
            {!agent.enabled && !agent.revoked && (
              <span className="inline-flex items-center gap-1 font-medium text-warning">
                <PowerOff aria-hidden className="size-3.5" /> disabled
              </span>
            )}
            {agent.outdated && !agent.revoked && (
              <span
                className="rounded-sm bg-accent-soft px-1.5 text-2xs leading-5 text-accent"
                title="The hub serves a newer agent: restart it with the command of “Add a machine”"
              >
                outdated
              </span>
            )}
          </div>
          <p className="truncate text-xs text-faint">
            {agent.host
              ? `${agent.host.hostname} · ${agent.host.platform}/${agent.host.arch} · Node ${agent.host.node}`
              : 'not seen since the hub started'}
            {' · '}
            <span className="mono">{agent.id}</span>
          </p>
        </div>
        {agent.state !== 'connected' && (
          <span className="nums text-xs leading-7 text-muted">
            last contact <Ago time={agent.seen} />
          </span>
        )}
        {!agent.revoked && (
          <div className="flex items-center gap-1">
            <Toggle agent={agent} />
            <Revoke agent={agent} />
          </div>
        )}
      </div>
      {agent.revoked && <p className="text-xs">Its token was taken back: it comes again only with a new join token.</p>}
      {agent.reason && (
        <p className="rounded-md bg-sunken px-2 py-1 text-xs break-words text-muted">{plainText(agent.reason)}</p>
      )}
      {!agent.revoked && <Machine agent={agent} />}
      {!agent.revoked && (
        <>
          <Now agent={agent} />
          <Backends agent={agent} />
        </>
      )}
    </li>
  )
}

/** What it has and how full it is. */
function Machine({ agent }: { readonly agent: AgentView }) {
  const load = agent.load
  return (
    <>
      <SlotSquares agent={agent} />
      <div className="grid gap-x-4 gap-y-2 sm:grid-cols-3">
        <Meter label="CPU" value={load?.cpu ?? 0} text={load ? `${Math.round(load.cpu * 100)} %` : 'unknown'} />
        <Meter
          label="Memory"
          tone="full"
          value={load && load.memory_total > 0 ? load.memory_used / load.memory_total : 0}
          text={
            load
              ? `${bytesText(load.memory_used)} / ${bytesText(load.memory_total)}`
              : agent.memory
                ? bytesText(agent.memory)
                : 'unknown'
          }
        />
        <Meter
          label="Disk"
          tone="full"
          value={load && load.disk_total > 0 ? 1 - load.disk_free / load.disk_total : 0}
          text={load ? `${bytesText(load.disk_free)} free` : 'unknown'}
        />
      </div>
      {load && (load.backlog > BACKLOG_WORTH_TELLING || Math.abs(load.skew) > 2000) && (
        <p className="nums text-xs text-warning">
          {load.backlog > BACKLOG_WORTH_TELLING && `${bytesText(load.backlog)} not yet delivered. `}
          {Math.abs(load.skew) > 2000 &&
            `Its clock is ${durationText(Math.abs(load.skew))} ${load.skew > 0 ? 'ahead' : 'behind'}.`}
        </p>
      )}
    </>
  )
}

function Now({ agent }: { readonly agent: AgentView }) {
  if (agent.attempts.length === 0) return <p className="text-xs text-faint">No trial at the moment.</p>
  return (
    <ul className="flex flex-col gap-0.5">
      {agent.attempts.slice(0, SHOWN).map(attempt => (
        <li key={attempt.attempt} className="flex min-h-6 items-center gap-2 text-xs pointer-coarse:min-h-10">
          <Swatch number={attempt.number} />
          <Link
            href={`/t/${encodeURIComponent(attempt.trial)}`}
            className="truncate py-1 hover:text-accent hover:underline pointer-coarse:py-2.5"
          >
            {attempt.experiment_name} <span className="text-faint">/</span> {attempt.block} #{attempt.number}
          </Link>
          <span className="nums ml-auto shrink-0 text-faint">{cpuText(attempt.cpu)}</span>
        </li>
      ))}
      {agent.attempts.length > SHOWN && (
        <li className="nums pl-5.5 text-xs text-faint">and {agent.attempts.length - SHOWN} more</li>
      )}
    </ul>
  )
}

function Backends({ agent }: { readonly agent: AgentView }) {
  const used = agent.backends.find(backend => backend.accepted)
  return (
    <details className="group border-t border-line pt-2">
      <summary className="flex min-h-6 list-none items-center gap-2 text-xs pointer-coarse:min-h-10 text-muted hover:text-ink">
        <MonitorCog aria-hidden className="size-3.5" />
        <span>
          Backend <span className="mono font-medium text-ink">{used?.name ?? 'none accepted'}</span>
        </span>
        <span className="ml-auto text-faint group-open:hidden">why</span>
        <span className="ml-auto hidden text-faint group-open:inline">less</span>
      </summary>
      <ol className="mt-1.5 flex flex-col gap-1">
        {agent.backends.map(backend => (
          <li key={backend.name} className="flex items-start gap-2 text-xs">
            {backend.accepted ? (
              <Check role="img" aria-label="accepted" className="mt-0.5 size-3.5 shrink-0 text-ok" />
            ) : (
              <X role="img" aria-label="not used" className="mt-0.5 size-3.5 shrink-0 text-faint" />
            )}
            <span className="mono w-28 shrink-0">{backend.name}</span>
            <span className="min-w-0 flex-1 break-words text-muted">{backend.detail}</span>
          </li>
        ))}
      </ol>
      {agent.build && (
        <p className="mt-1.5 text-2xs text-faint">
          build <span className="mono">{agent.build.slice(0, 12)}</span>
        </p>
      )}
    </details>
  )
}

function Toggle({ agent }: { readonly agent: AgentView }) {
  const [asking, setAsking] = useState(false)
  const [note, setNote] = useState('')
  const toast = useToast()
  const command = useWrite('agents.command', ['agents.list', 'hub.status'])
  const send = (input: { command: 'enable' | 'disable'; note?: string }) =>
    command.mutate(
      { id: agent.id, command_id: commandId(), ...input },
      {
        onSuccess: () => setAsking(false),
        onError: error => toast({ kind: 'error', text: errorText(error) }),
      },
    )
  if (!agent.enabled) {
    return (
      <Button icon={Power} disabled={command.isPending} onClick={() => send({ command: 'enable' })}>
        Enable
      </Button>
    )
  }
  return (
    <>
      <Button look="ghost" icon={PowerOff} onClick={() => setAsking(true)}>
        Disable
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={`Disable ${agent.name}?`}
        description={
          agent.attempts.length > 0
            ? `It takes no new trials. ${plural(agent.attempts.length, 'trial')} that it runs now ${agent.attempts.length === 1 ? 'goes' : 'go'} on to the end.`
            : 'It takes no new trials until it is enabled again.'
        }
      >
        <form
          className="flex flex-col gap-3"
          onSubmit={event => {
            event.preventDefault()
            send({ command: 'disable', ...(note.trim() === '' ? {} : { note: note.trim() }) })
          }}
        >
          <Input
            aria-label="Note"
            placeholder="Why (shown on the card)"
            maxLength={200}
            value={note}
            onChange={event => setNote(event.target.value)}
          />
          <div className="flex justify-end gap-2">
            <Button size="md" onClick={() => setAsking(false)}>
              Keep it enabled
            </Button>
            <Button type="submit" size="md" look="primary" disabled={command.isPending}>
              Disable
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
