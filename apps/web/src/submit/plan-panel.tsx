'use client'
/** What the file means before it is submitted: blocks in order, how many variants each has, the first of them, and the sum. */
import { ArrowRight } from 'lucide-react'
import type { PlanView } from '../api/views.ts'
import { countText, plural } from '../format/number.ts'
import { columnNames, paramText } from '../format/param.ts'
import { Panel } from '../ui/panel.tsx'
import { Tuning } from './tuning.tsx'

export function PlanPanel({ plan }: { readonly plan: PlanView }) {
  return (
    <Panel
      flush
      title={plan.name ?? 'Plan'}
      note={
        plan.blocks.length > 0
          ? `${plural(plan.blocks.length, 'block')}, ${plural(plan.trials_total, 'trial')}`
          : undefined
      }
    >
      <ol className="divide-y divide-line">
        {plan.blocks.map(block => (
          <li key={block.id} className="px-3 py-2 text-xs">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
              <span className="text-sm font-semibold">{block.id}</span>
              <span className="mono text-faint">!{block.tag}</span>
              <span className="nums ml-auto flex items-center gap-1.5 font-medium">
                {plural(block.count, 'variant')}
                {block.runs !== block.count && (
                  <>
                    <ArrowRight aria-hidden className="size-3 text-faint" />
                    <span title="Trials that run at most, after the reduces before it">
                      {plural(block.runs, 'run')}
                    </span>
                  </>
                )}
              </span>
            </div>
            {block.depends_on.length > 0 && <p className="text-faint">after {block.depends_on.join(', ')}</p>}
            {block.reduce && (
              <p className="nums text-accent">
                reduce: {countText(block.count)} → {Math.min(block.reduce.k, block.count)} (
                {block.reduce.mode === 'max' ? 'largest' : 'smallest'} metric)
              </p>
            )}
            {block.tuning && <Tuning tuning={block.tuning} />}
            <Variants block={block} />
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Variants({ block }: { readonly block: PlanView['blocks'][number] }) {
  const keys = [...new Set(block.variants.flatMap(variant => Object.keys(variant.params)))].slice(0, 8)
  if (keys.length === 0) return null
  const names = columnNames(keys)
  return (
    <div className="mt-1 overflow-x-auto">
      <table className="nums border-collapse text-2xs">
        <thead className="text-faint">
          <tr>
            {keys.map(key => (
              <th key={key} title={key} className="py-0.5 pr-4 font-normal">
                {names.get(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.variants.map(variant => (
            <tr key={variant.id}>
              {keys.map(key => (
                <td key={key} className="mono max-w-40 truncate py-0.5 pr-4">
                  {paramText(variant.params[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {block.count > block.variants.length && (
        <p className="nums text-2xs text-faint">and {countText(block.count - block.variants.length)} more</p>
      )}
    </div>
  )
}
