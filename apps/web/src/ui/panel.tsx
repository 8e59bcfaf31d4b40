/** Surfaces: a panel with a heading line, the empty state with its command, the failed state, skeleton rows, a meter. */
import { CircleX, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cx } from './class.ts'

export function Panel({
  title,
  note,
  actions,
  children,
  className,
  flush = false,
  bare = false,
}: {
  readonly title?: ReactNode
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly className?: string
  /** Content up to the edges (tables, charts). */
  readonly flush?: boolean
  /** Without a frame, for content that has frames of its own. */
  readonly bare?: boolean
}) {
  return (
    <section className={cx('min-w-0', !bare && 'rounded-lg border border-line bg-surface', className)}>
      {(title || actions) && (
        <header
          className={cx(
            'flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1.5 py-1',
            bare ? 'px-1' : 'border-b border-line px-3',
          )}
        >
          <h2 className="text-sm font-semibold">{title}</h2>
          {note && <span className="nums text-xs text-faint">{note}</span>}
          {actions && <div className="ml-auto flex flex-wrap items-center gap-1.5">{actions}</div>}
        </header>
      )}
      <div className={flush || bare ? '' : 'p-3'}>{children}</div>
    </section>
  )
}

export function Empty({
  icon: Icon,
  title,
  children,
}: {
  readonly icon: LucideIcon
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col items-center px-4 py-10 text-center">
      <span className="mb-3 flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-faint">
        <Icon aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <p className="text-base font-semibold">{title}</p>
      {children && <div className="mt-1 w-full text-muted [&_p]:mx-auto [&_p]:max-w-md">{children}</div>}
    </div>
  )
}

export function Failed({ text, retry }: { readonly text: string; readonly retry?: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-2 px-3 py-6 text-muted">
      <CircleX aria-hidden className="size-4 text-danger" />
      <span className="min-w-0 flex-1 break-words">{text}</span>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  )
}

export function SkeletonRows({ rows = 6, height = 30 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <div aria-hidden className="divide-y divide-line">
      {Array.from({ length: rows }, (_, i) => i).map(i => (
        <div key={i} className="flex items-center gap-4 px-3" style={{ height }}>
          <span className="skeleton h-3" style={{ width: `${30 - (i % 3) * 6}%` }} />
          <span className="skeleton h-3 w-16" />
          <span className="skeleton h-3 flex-1" />
        </div>
      ))}
    </div>
  )
}

/** A share as a thin bar with its words. `value` is 0..1. */
export function Meter({
  label,
  value,
  text,
  tone,
}: {
  readonly label: string
  readonly value: number
  readonly text: string
  readonly tone?: 'plain' | 'full'
}) {
  const share = Math.min(1, Math.max(0, value))
  return (
    <div className="min-w-0">
      <div className="flex items-baseline justify-between gap-2 text-2xs">
        <span className="text-faint">{label}</span>
        <span className="nums truncate text-muted">{text}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: the look of a meter element cannot be set in all browsers */}
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={Number(share.toFixed(2))}
        aria-valuetext={text}
        className="mt-1 h-1 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full rounded-full"
          style={{
            width: `${share * 100}%`,
            background: tone === 'full' && share > 0.92 ? 'var(--state-failure)' : 'var(--state-running)',
          }}
        />
      </div>
    </div>
  )
}

/** A term and its value, for headers and details. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-faint">{name}</dt>
      <dd className="flex h-5.5 items-center gap-1 truncate">{children}</dd>
    </div>
  )
}
