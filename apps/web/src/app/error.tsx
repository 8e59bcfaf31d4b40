'use client'
/** A page that failed while drawing; what it says is text, whatever it holds. */
import { TriangleAlert } from 'lucide-react'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Empty } from '../ui/panel.tsx'

export default function ErrorPage({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}) {
  return (
    <main id="main" className="flex min-h-[80vh] items-center">
      <Empty icon={TriangleAlert} title="This page failed">
        <p>Your experiments go on; only the drawing of this page went wrong.</p>
        <pre className="mt-3 max-h-48 overflow-auto rounded-md border border-line bg-sunken p-3 text-left text-xs whitespace-pre-wrap">
          {error.message}
          {error.digest ? `\n(${error.digest})` : ''}
        </pre>
        <div className="mt-4 flex justify-center gap-2">
          <Button look="primary" size="md" onClick={reset}>
            Try again
          </Button>
          <ButtonLink href="/" size="md">
            To the experiments
          </ButtonLink>
        </div>
      </Empty>
    </main>
  )
}
