'use client'
/** Copying: a small button that says so, and a command in a box with that button. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from './button.tsx'
import { cx } from './class.ts'
import { useToast } from './toast.tsx'

export function CopyButton({
  text,
  label = 'Copy',
  className,
}: {
  readonly text: string
  readonly label?: string
  readonly className?: string
}) {
  const [done, setDone] = useState(false)
  const toast = useToast()
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 1500)
    return () => clearTimeout(timer)
  }, [done])
  return (
    <IconButton
      label={done ? 'Copied' : label}
      icon={done ? Check : Copy}
      className={cx(done && 'text-ok hover:text-ok', className)}
      onClick={() => {
        copyText(text)
          .then(() => setDone(true))
          .catch(() =>
            toast({ kind: 'error', text: 'The browser does not let this page copy. Select the text instead.' }),
          )
      }}
    />
  )
}

/** A command to be run in a terminal; wraps, and is selected as a whole by one click. */
export function Command({ text, label = 'Copy command' }: { readonly text: string; readonly label?: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
      <code className="min-w-0 flex-1 py-1 text-xs leading-5 break-all whitespace-pre-wrap select-all">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  )
}

/** `navigator.clipboard` is missing on plain http of another machine; a selected text area still works there. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('copy refused')
}
