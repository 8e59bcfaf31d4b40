'use client'
/** A dialog, and the question before something that cannot be undone. */
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { cx } from './class.ts'

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  wide = false,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: string
  readonly children: ReactNode
  readonly wide?: boolean
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-black/35" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fade-in fixed top-[12vh] left-1/2 z-40 max-h-[80vh] w-[calc(100vw-24px)] -translate-x-1/2 overflow-y-auto',
            'rounded-lg border border-line-strong bg-raised p-4 shadow-float focus:outline-none',
            wide ? 'max-w-2xl' : 'max-w-md',
          )}
        >
          <div className="mb-2 flex items-start justify-between gap-3">
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            <Radix.Close
              aria-label="Close"
              className="-mt-1 -mr-1 rounded-md p-1 text-faint hover:bg-hover hover:text-ink"
            >
              <X aria-hidden className="size-4" />
            </Radix.Close>
          </div>
          {description && <Radix.Description className="mb-4 text-muted">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export interface Question {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly run: () => void
}

/** `const [ask, dialog] = useConfirm()`: call `ask(question)`, render `dialog`. */
export function useConfirm(): [(question: Question) => void, ReactNode] {
  const [question, setQuestion] = useState<Question | null>(null)
  const close = () => setQuestion(null)
  const dialog = question && (
    <Dialog open title={question.title} description={question.text} onOpenChange={open => !open && close()}>
      <div className="flex justify-end gap-2">
        <Button size="md" onClick={close}>
          Keep it
        </Button>
        <Button
          size="md"
          look="danger"
          onClick={() => {
            close()
            question.run()
          }}
        >
          {question.action}
        </Button>
      </div>
    </Dialog>
  )
  return [setQuestion, dialog]
}
