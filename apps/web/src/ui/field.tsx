/** Text fields, selects and sliders in the house's sizes. 16 px text on touch screens, so that phones do not zoom in. */
import { Search, X } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './class.ts'

const FIELD =
  'h-7 rounded-md border border-line-strong bg-surface text-xs text-ink placeholder:text-faint pointer-coarse:h-9 pointer-coarse:text-base'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cx(FIELD, 'w-full px-2', className)} />
}

export function SearchField({
  value,
  onChange,
  label,
  className,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label: string
  readonly className?: string
}) {
  return (
    <div className={cx('relative w-56 min-w-0', className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => event.key === 'Escape' && onChange('')}
        className={cx(FIELD, 'w-full pr-6 pl-7 [&::-webkit-search-cancel-button]:hidden')}
      />
      {value !== '' && (
        <button
          type="button"
          aria-label="Clear"
          onClick={() => onChange('')}
          className="absolute top-1/2 right-0.5 flex size-6 -translate-y-1/2 items-center justify-center rounded-sm text-faint hover:text-ink"
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
    </div>
  )
}

export function Select({
  label,
  value,
  onChange,
  options,
  className,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly className?: string
}) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      className={cx(FIELD, 'max-w-52 pr-1 pl-2', className)}
    >
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  )
}

export function Slider({
  label,
  text,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { readonly label: string; readonly text: string }) {
  return (
    <label className="inline-flex items-center gap-2 text-xs text-muted">
      {label}
      <input type="range" {...rest} className="slider w-24" />
      <span className="nums w-9 text-ink">{text}</span>
    </label>
  )
}

export function Tick({
  label,
  checked,
  onChange,
}: {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  return (
    <label className="inline-flex cursor-pointer items-center gap-1.5 text-xs text-muted hover:text-ink">
      <input
        type="checkbox"
        checked={checked}
        onChange={event => onChange(event.target.checked)}
        className="size-3.5 accent-[var(--primary)]"
      />
      {label}
    </label>
  )
}
