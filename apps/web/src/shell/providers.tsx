'use client'
/** Everything that all pages share: queries, the live feed, clock, hints, messages, and the way to the sign-in page. */
import { QueryClientProvider } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { onSignedOut } from '../api/client.ts'
import { makeQueryClient } from '../api/query.ts'
import { LiveProvider } from '../live/live.tsx'
import { ClockProvider } from '../ui/clock.tsx'
import { TipProvider } from '../ui/tip.tsx'
import { ToastProvider } from '../ui/toast.tsx'

export function Providers({ children }: { readonly children: ReactNode }) {
  const [queries] = useState(makeQueryClient)
  return (
    <QueryClientProvider client={queries}>
      <LiveProvider>
        <ClockProvider>
          <TipProvider>
            <ToastProvider>
              <SignedOutGuard />
              {children}
            </ToastProvider>
          </TipProvider>
        </ClockProvider>
      </LiveProvider>
    </QueryClientProvider>
  )
}

function SignedOutGuard() {
  const router = useRouter()
  const path = usePathname()
  useEffect(() => {
    onSignedOut(() => {
      if (path === '/sign-in') return
      const back = `${window.location.pathname}${window.location.search}`
      router.replace(`/sign-in?next=${encodeURIComponent(back)}`)
    })
  }, [router, path])
  return null
}
