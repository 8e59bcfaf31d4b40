'use client'
/**
 * Trades the one-time code in the address' fragment for a session cookie. A fragment never reaches a server or a log; it is
 * taken out of the address bar before anything else happens. Where to go on comes from `next`, own pages only.
 */
import { KeyRound, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Flame } from '../shell/flame.tsx'
import { Button } from '../ui/button.tsx'
import { Command } from '../ui/copy.tsx'
import { Input } from '../ui/field.tsx'
import { codeOf, ownPage } from './code.ts'

type Progress = { kind: 'idle' } | { kind: 'busy' } | { kind: 'failed'; text: string }

export function SignInPage() {
  const [progress, setProgress] = useState<Progress>({ kind: 'idle' })
  const [typed, setTyped] = useState('')
  const started = useRef(false)

  const signIn = useCallback(async (code: string) => {
    setProgress({ kind: 'busy' })
    try {
      const answer = await fetch('/api/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      })
      if (answer.ok) {
        window.location.replace(ownPage(new URLSearchParams(window.location.search).get('next')))
        return
      }
      setProgress({
        kind: 'failed',
        text:
          answer.status === 429
            ? 'Too many tries from this address. Wait a minute, then use a new link.'
            : answer.status >= 500
              ? 'The hub failed while signing in. Its log says why.'
              : 'This link was used already, has expired, or belongs to another hub.',
      })
    } catch {
      setProgress({ kind: 'failed', text: 'The hub does not answer. Is it still running?' })
    }
  }, [])

  useEffect(() => {
    const read = () => {
      const code = codeOf(window.location.hash)
      if (code === null || started.current) return
      started.current = true
      window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}`)
      const again = () => {
        started.current = false
      }
      signIn(code).then(again, again)
    }
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [signIn])

  return (
    <main id="main" className="fixed inset-0 z-40 flex items-center justify-center overflow-y-auto bg-canvas p-4">
      <div className="w-full max-w-md rounded-lg border border-line bg-surface p-6">
        <div className="mb-5 flex items-center gap-2.5">
          <Flame className="h-7" />
          <h1 className="text-lg font-semibold">Sign in to Flambé</h1>
        </div>
        {progress.kind === 'failed' && (
          <p role="alert" className="mb-4 flex items-start gap-2 rounded-md border border-line bg-sunken p-2.5">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
            <span>{progress.text}</span>
          </p>
        )}
        {progress.kind === 'busy' ? (
          <p role="status" className="text-muted">
            Signing in …
          </p>
        ) : (
          <>
            <p className="mb-2 text-muted">
              This hub has no passwords: it prints a sign-in link when it starts, and each link works once. A browser
              that is signed in makes new ones (menu at the top right). Or start the hub again on its machine; trials go
              on meanwhile:
            </p>
            <Command text="npm start" />
            <form
              className="mt-5 flex gap-2"
              onSubmit={event => {
                event.preventDefault()
                const code = codeOf(typed) ?? typed.trim()
                if (code !== '') signIn(code).catch(() => {})
              }}
            >
              <Input
                aria-label="Link or code"
                placeholder="Or paste the link or code here"
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={event => setTyped(event.target.value)}
                className="h-8"
              />
              <Button type="submit" look="primary" size="md" icon={KeyRound} disabled={typed.trim() === ''}>
                Sign in
              </Button>
            </form>
          </>
        )}
      </div>
    </main>
  )
}
