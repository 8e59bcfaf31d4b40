'use client'
/** A hint beside what it explains; short text only. `TipProvider` stands once in the shell. */
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

export function TipProvider({ children }: { readonly children: ReactNode }) {
  return <Tooltip.Provider delayDuration={350}>{children}</Tooltip.Provider>
}

export function Tip({ text, children }: { readonly text: ReactNode; readonly children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={5}
          collisionPadding={8}
          className="fade-in z-50 max-w-80 rounded-md border border-line-strong bg-raised px-2 py-1 text-xs break-words text-ink shadow-float"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
