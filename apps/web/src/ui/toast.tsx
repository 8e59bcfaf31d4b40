'use client'
/** Short messages at the corner, read out politely; errors stay until closed. */
import { CircleCheck, CircleX, X } from 'lucide-react'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { must } from '../api/must.ts'

export interface Message {
  readonly kind: 'done' | 'error'
  readonly text: string
}

const Context = createContext<((message: Message) => void) | null>(null)
let last = 0

export function useToast(): (message: Message) => void {
  return must(useContext(Context), 'ToastProvider is missing')
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [messages, setMessages] = useState<readonly (Message & { readonly id: number })[]>([])
  const show = useCallback((message: Message) => {
    last += 1
    const id = last
    setMessages(old => [...old.slice(-3), { ...message, id }])
  }, [])
  const close = useCallback((id: number) => setMessages(old => old.filter(message => message.id !== id)), [])
  return (
    <Context.Provider value={show}>
      {children}
      <div
        aria-live="polite"
        className="pointer-events-none fixed right-3 bottom-16 z-50 flex w-80 max-w-[calc(100vw-24px)] flex-col gap-2 md:bottom-3"
      >
        {messages.map(message => (
          <Toast key={message.id} message={message} close={() => close(message.id)} />
        ))}
      </div>
    </Context.Provider>
  )
}

function Toast({ message, close }: { readonly message: Message; readonly close: () => void }) {
  useEffect(() => {
    if (message.kind === 'error') return
    const timer = setTimeout(close, 4000)
    return () => clearTimeout(timer)
  }, [message.kind, close])
  const Icon = message.kind === 'done' ? CircleCheck : CircleX
  return (
    <div className="fade-in pointer-events-auto flex items-start gap-2 rounded-lg border border-line-strong bg-raised p-2.5 shadow-float">
      <Icon aria-hidden className={message.kind === 'done' ? 'mt-0.5 size-4 text-ok' : 'mt-0.5 size-4 text-danger'} />
      <p className="min-w-0 flex-1 break-words">{message.text}</p>
      <button type="button" aria-label="Close" onClick={close} className="rounded-sm p-0.5 text-faint hover:text-ink">
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  )
}
