/** CPU and GPU slots of an agent as squares with their words. */
import type { AgentView } from '../api/views.ts'
import { bytesText, shareText } from '../format/number.ts'
import { slotFills } from './slots.ts'

export function SlotSquares({ agent }: { readonly agent: AgentView }) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Squares fills={slotFills(agent.cpu, agent.cpu_used)} />
        <span className="nums text-xs text-muted">
          {shareText(agent.cpu_used)}/{shareText(agent.cpu)} CPUs
        </span>
      </div>
      {agent.gpus.map(gpu => (
        <div key={gpu.index} className="flex flex-wrap items-center gap-x-3">
          <Squares fills={[Math.min(1, gpu.used)]} />
          <span className="nums truncate text-xs text-muted">
            GPU {gpu.index}: {gpu.name}, {bytesText(gpu.memory)}, {shareText(gpu.used)} in use
          </span>
        </div>
      ))}
    </div>
  )
}

function Squares({ fills }: { readonly fills: readonly number[] }) {
  return (
    <span aria-hidden className="flex flex-wrap gap-[3px]">
      {fills.map((fill, i) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its place
          key={i}
          className="relative size-3.5 overflow-hidden rounded-[3px] border border-line-strong bg-sunken"
        >
          <span
            className="absolute inset-x-0 bottom-0"
            style={{ height: `${fill * 100}%`, background: 'var(--state-running)' }}
          />
        </span>
      ))}
    </span>
  )
}
