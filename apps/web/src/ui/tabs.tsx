'use client'
/** Tabs under a page's header; which one is open belongs to the URL. */
import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export function Tabs<V extends string>({
  value,
  onChange,
  tabs,
  label,
  children,
}: {
  readonly value: V
  readonly onChange: (value: V) => void
  readonly tabs: readonly { readonly value: V; readonly text: string; readonly note?: string }[]
  readonly label: string
  readonly children: ReactNode
}) {
  return (
    <Radix.Root value={value} onValueChange={next => onChange(next as V)} className="min-w-0">
      <Radix.List
        aria-label={label}
        className="flex gap-4 overflow-x-auto border-b border-line px-3 [scrollbar-width:none] md:px-5"
      >
        {tabs.map(tab => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent text-sm text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.text}
            {tab.note && <span className="nums text-xs font-normal text-faint">{tab.note}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  )
}

export function Tab({ value, children }: { readonly value: string; readonly children: ReactNode }) {
  return (
    <Radix.Content value={value} className="min-w-0 focus-visible:outline-none">
      {children}
    </Radix.Content>
  )
}
