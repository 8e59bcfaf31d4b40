'use client'
/** The machines: what each can do, what it does now, and how to add one. */
import { Plus, Server } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import { plural, shareText } from '../format/number.ts'
import { useWatch } from '../live/live.tsx'
import { Page } from '../shell/page.tsx'
import { Button } from '../ui/button.tsx'
import { Tick } from '../ui/field.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { AddMachine } from './add-machine.tsx'
import { AgentCard } from './agent-card.tsx'

export function AgentsPage() {
  const ready = useWatch(['agents'])
  const list = useRead('agents.list', undefined, { enabled: ready, refetchInterval: 10_000 })
  const pointed = useViewState().get('agent')
  const [adding, setAdding] = useState(false)
  const all = list.data?.items ?? []
  // A revoked machine is a memory; it is shown while somebody still asks for it.
  const items = all.filter(agent => !agent.revoked)
  const revoked = all.filter(agent => agent.revoked)
  const [showing, setShowing] = useState(false)
  const shown = [...items, ...(showing ? revoked : revoked.filter(agent => agent.id === pointed))]
  const connected = items.filter(agent => agent.state === 'connected')
  const sum = (of: (agent: (typeof items)[number]) => number) => connected.reduce((all, agent) => all + of(agent), 0)
  const gpus = sum(agent => agent.gpus.length)
  return (
    <Page title="Agents" crumbs={[{ text: 'Agents' }]}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5 md:px-5">
        <p className="nums text-xs text-muted" aria-live="polite">
          {list.data &&
            `${connected.length} of ${plural(items.length, 'agent')} connected · ${shareText(sum(a => a.cpu_used))} of ${shareText(sum(a => a.cpu))} CPUs in use${gpus > 0 ? ` · ${plural(gpus, 'GPU')}` : ''}`}
        </p>
        {revoked.length > 0 && (
          <Tick label={`${plural(revoked.length, 'revoked agent')} too`} checked={showing} onChange={setShowing} />
        )}
        <Button look="primary" icon={Plus} className="ml-auto" onClick={() => setAdding(true)}>
          Add a machine
        </Button>
      </div>
      <div className="px-3 md:px-5">
        {list.isError && !list.data ? (
          <Failed text={errorText(list.error)} retry={() => list.refetch()} />
        ) : !list.data ? (
          <SkeletonRows rows={4} height={72} />
        ) : shown.length === 0 ? (
          <Empty icon={Server} title="No machine has joined">
            <p>Trials run on agents. A machine with Node 20 or newer joins with one command; it needs nothing else.</p>
            <Button look="primary" size="md" icon={Plus} className="mt-4" onClick={() => setAdding(true)}>
              Add a machine
            </Button>
          </Empty>
        ) : (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,28rem),1fr))] items-start gap-3">
            {shown.map(agent => (
              <AgentCard key={agent.id} agent={agent} pointed={agent.id === pointed} />
            ))}
          </ul>
        )}
      </div>
      <AddMachine open={adding} onOpenChange={setAdding} />
    </Page>
  )
}
