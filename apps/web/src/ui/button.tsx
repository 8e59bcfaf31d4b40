import type { LucideIcon } from 'lucide-react'
/** Buttons and links that look like them. Sizes are 28 px (dense places) and 32 px; on touch screens both grow to 36 px. */
import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './class.ts'
import { Tip } from './tip.tsx'

type Look = 'primary' | 'plain' | 'ghost' | 'danger'

interface Style {
  readonly look?: Look
  readonly size?: 'sm' | 'md'
  readonly icon?: LucideIcon
}

const LOOKS: { readonly [L in Look]: string } = {
  primary: 'bg-primary text-on-primary border-transparent hover:opacity-90',
  plain: 'bg-raised text-ink border-line-strong hover:bg-hover',
  ghost: 'border-transparent text-muted hover:bg-hover hover:text-ink',
  danger: 'bg-raised border-line-strong text-danger hover:border-danger hover:bg-hover',
}

function look({ look = 'plain', size = 'sm' }: Style): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none',
    'transition-colors duration-100 disabled:opacity-45 disabled:pointer-events-none pointer-coarse:h-9',
    size === 'sm' ? 'h-7 px-2 text-xs' : 'h-8 px-3 text-sm',
    LOOKS[look],
  )
}

export function Button({ look: l, size, icon: Icon, className, children, ...rest }: ComponentProps<'button'> & Style) {
  return (
    <button type="button" {...rest} className={cx(look({ look: l ?? 'plain', size: size ?? 'sm' }), className)}>
      {Icon && <Icon aria-hidden className="size-3.5" strokeWidth={2} />}
      {children}
    </button>
  )
}

export function ButtonLink({
  look: l,
  size,
  icon: Icon,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & Style) {
  return (
    <Link {...rest} className={cx(look({ look: l ?? 'plain', size: size ?? 'sm' }), className)}>
      {Icon && <Icon aria-hidden className="size-3.5" strokeWidth={2} />}
      {children}
    </Link>
  )
}

/** A file of the hub, saved by the browser: a plain anchor, since it is no page. */
export function DownloadLink({ icon: Icon, className, children, look: l, size, ...rest }: ComponentProps<'a'> & Style) {
  return (
    <a download {...rest} className={cx(look({ look: l ?? 'plain', size: size ?? 'sm' }), className)}>
      {Icon && <Icon aria-hidden className="size-3.5" strokeWidth={2} />}
      {children}
    </a>
  )
}

export function IconButton({
  label,
  icon: Icon,
  className,
  pressed,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & {
  readonly label: string
  readonly icon: LucideIcon
  readonly pressed?: boolean
}) {
  return (
    <Tip text={label}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        className={cx(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors duration-100',
          'hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-40 pointer-coarse:size-9',
          pressed && 'bg-hover text-ink',
          className,
        )}
      >
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </button>
    </Tip>
  )
}

/** A row of choices of which one holds, as small pressed buttons. */
export function Segments<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: V
  readonly options: readonly { readonly value: V; readonly text: ReactNode; readonly title?: string }[]
  readonly onChange: (value: V) => void
}) {
  return (
    <fieldset
      aria-label={label}
      className="inline-flex h-7 items-center rounded-md border border-line bg-sunken p-0.5 pointer-coarse:h-9"
    >
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          title={option.title}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cx(
            'inline-flex h-full items-center gap-1 rounded-sm px-2 text-xs font-medium text-muted hover:text-ink',
            option.value === value && 'bg-raised text-ink shadow-[0_0_0_1px_var(--line-strong)]',
          )}
        >
          {option.text}
        </button>
      ))}
    </fieldset>
  )
}
