'use client'
/** Which columns are shown; the URL holds what differs from the columns shown by themselves: `columns=-agent,~backend`. */
import type { Column } from '@tanstack/react-table'
import { Columns3 } from 'lucide-react'
import type { TrialView } from '../api/views.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuLabel, MenuTick } from '../ui/menu.tsx'
import { type features, HIDDEN } from './trial-columns.tsx'

export function ColumnChooser({
  columns,
  onToggle,
}: {
  readonly columns: readonly Column<typeof features, TrialView, unknown>[]
  readonly onToggle: (id: string, on: boolean) => void
}) {
  return (
    <Menu trigger={<IconButton label="Choose columns" icon={Columns3} />}>
      <MenuLabel>Columns</MenuLabel>
      {columns
        .filter(column => !column.columnDef.meta?.fixed)
        .map(column => (
          <MenuTick key={column.id} checked={column.getIsVisible()} onChange={on => onToggle(column.id, on)}>
            <span className="max-w-64 truncate">{String(column.columnDef.header)}</span>
          </MenuTick>
        ))}
    </Menu>
  )
}

export function visibilityOf(text: string): { readonly [id: string]: boolean } {
  const visible: { [id: string]: boolean } = Object.fromEntries(HIDDEN.map(id => [id, false]))
  for (const part of text.split(',')) {
    if (part.startsWith('-')) visible[part.slice(1)] = false
    else if (part.startsWith('~')) visible[part.slice(1)] = true
  }
  return visible
}

export function columnsText(visible: { readonly [id: string]: boolean }): string {
  return Object.entries(visible)
    .flatMap(([id, on]) => (HIDDEN.includes(id) ? (on ? [`~${id}`] : []) : on ? [] : [`-${id}`]))
    .join(',')
}
