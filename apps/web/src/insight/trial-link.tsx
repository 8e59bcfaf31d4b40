'use client'
/** A row's way to its trial, in the tables under the plots: the whole row is the link, and the plot points where the focus is. */
import Link from 'next/link'
import type { Crosshair } from '../chart/crosshair.ts'
import { Swatch } from '../ui/swatch.tsx'

interface Given {
  readonly id: string
  readonly number: number
  readonly crosshair: Crosshair
}

export function TrialLink({ id, number, crosshair }: Given) {
  return (
    <Link
      href={`/t/${encodeURIComponent(id)}`}
      prefetch={false}
      onFocus={() => crosshair.point({ trial: id })}
      className="nums flex items-center gap-2 font-medium after:absolute after:inset-0"
    >
      <Swatch number={number} />
      {number}
    </Link>
  )
}
