'use client'
/** Joining a machine: the command (without a secret in it) and, beside it, the single-use token that the agent asks for. */
import { KeyRound, TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { errorText } from '../api/client.ts'
import { useRead, useWrite } from '../api/query.ts'
import { durationText } from '../format/time.ts'
import { Button } from '../ui/button.tsx'
import { useNow } from '../ui/clock.tsx'
import { Command } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failed } from '../ui/panel.tsx'

export function AddMachine({
  open,
  onOpenChange,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}) {
  const token = useWrite('agents.joinToken')
  const status = useRead('hub.status', undefined, { enabled: open, staleTime: 30_000 })
  const now = useNow()
  // The token is shown once: closing forgets it.
  const { reset } = token
  useEffect(() => {
    if (!open) reset()
  }, [open, reset])
  const expired = token.data !== undefined && token.data.expires <= now
  const packageUrl = status.data?.agent_package?.url
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title="Add a machine"
      description="Run one command on it. The machine needs Node 20 or newer and must reach this address; nothing is installed system-wide."
    >
      {token.isError ? (
        <Failed text={errorText(token.error)} retry={() => token.mutate(undefined)} />
      ) : token.data === undefined ? (
        <div className="flex flex-col items-start gap-3">
          <p className="text-muted">A join token works once, for one machine, and only for a short time.</p>
          <Button
            look="primary"
            size="md"
            icon={KeyRound}
            disabled={token.isPending}
            onClick={() => token.mutate(undefined)}
          >
            Make a join token
          </Button>
        </div>
      ) : (
        <ol className="flex flex-col gap-4">
          <li>
            <p className="mb-1.5">
              <b className="font-semibold">1.</b> On the new machine, run
            </p>
            <Command text={token.data.command} />
          </li>
          <li>
            <p className="mb-1.5">
              <b className="font-semibold">2.</b> When it asks for the token, paste
            </p>
            {expired ? (
              <p className="flex items-center gap-2 text-warning">
                <TriangleAlert aria-hidden className="size-4" /> This token has expired.
                <Button onClick={() => token.mutate(undefined)}>Make a new one</Button>
              </p>
            ) : (
              <>
                <Command text={token.data.token} label="Copy token" />
                <p className="nums mt-1.5 text-xs text-faint">
                  Shown once. Works once, within {durationText(token.data.expires - now)}. For scripts: put it into a
                  file and add <code>--token-file FILE</code>.
                </p>
              </>
            )}
          </li>
          {packageUrl !== undefined && (
            <li className="text-xs text-faint">
              The machine appears on this page by itself once it has joined. Without npm: fetch{' '}
              <code className="break-all">{`${window.location.origin}/flambe-agent.mjs`}</code> and run it with node and
              the same options.
            </li>
          )}
        </ol>
      )}
    </Dialog>
  )
}
