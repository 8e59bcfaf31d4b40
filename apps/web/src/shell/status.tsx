'use client'
/** What stands at the right of the top bar: agents and CPUs in use, live or paused, and who is signed in. */
import { CircleUser, LogOut, MonitorSmartphone, Pause, Play, RefreshCw, Server, WifiOff } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { errorText } from '../api/client.ts'
import { useRead, useWrite } from '../api/query.ts'
import { plural, shareText } from '../format/number.ts'
import { clockText } from '../format/time.ts'
import { useFeed, useFeedState, useWatch } from '../live/live.tsx'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { useNow } from '../ui/clock.tsx'
import { Command } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { Tip } from '../ui/tip.tsx'
import { useToast } from '../ui/toast.tsx'

/** ms without the hub before the page says so: a restart is shorter. */
const PATIENCE = 3000

export function ClusterUse() {
  const ready = useWatch(['agents'])
  const status = useRead('hub.status', undefined, { enabled: ready, refetchInterval: 30_000 })
  if (!status.data) return <span className="skeleton hidden h-4 w-36 sm:block" />
  const { connected, total, cpu, cpu_used } = status.data.agents
  return (
    <Tip
      text={`${connected} of ${plural(total, 'agent')} connected, ${shareText(cpu_used)} of ${shareText(cpu)} CPUs held by trials`}
    >
      <Link
        href="/agents"
        className="nums flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs text-muted hover:bg-hover hover:text-ink"
      >
        <Server aria-hidden className={cx('size-3.5', connected === 0 ? 'text-warning' : 'text-faint')} />
        <span className="max-sm:hidden">
          {plural(connected, 'agent')} · {shareText(cpu_used)}/{shareText(cpu)} CPUs
        </span>
        <span className="sm:hidden">{connected}</span>
      </Link>
    </Tip>
  )
}

export function LiveToggle() {
  const feed = useFeed()
  const { status, paused, held } = useFeedState()
  if (status !== 'live' && !paused) {
    const offline = status === 'offline'
    return (
      <span
        role="status"
        title={offline ? 'No live connection; trying again' : 'Connecting'}
        className={cx('flex h-7 items-center gap-1.5 px-2 text-xs', offline ? 'text-warning' : 'text-faint')}
      >
        {offline ? <WifiOff aria-hidden className="size-3.5" /> : <RefreshCw aria-hidden className="size-3.5" />}
        <span className="max-sm:sr-only">{offline ? 'Offline' : 'Connecting'}</span>
      </span>
    )
  }
  return (
    <Tip text={paused ? 'Show what came since' : 'Hold changes back while you look'}>
      <button
        type="button"
        aria-pressed={paused}
        onClick={() => feed.pause(!paused)}
        className={cx(
          'nums flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs font-medium hover:bg-hover pointer-coarse:h-9',
          paused ? 'text-warning' : 'text-ok',
        )}
      >
        {paused ? (
          <Play aria-hidden className="size-3.5" />
        ) : (
          <span aria-hidden className="flex size-3.5 items-center justify-center">
            <span className="size-2 rounded-full bg-current shadow-[0_0_0_3px_color-mix(in_oklab,currentColor_22%,transparent)]" />
          </span>
        )}
        <span className="max-sm:sr-only">{paused ? `Paused${held > 0 ? ` · ${held}` : ''}` : 'Live'}</span>
        {!paused && <Pause aria-hidden className="size-3 text-faint max-sm:hidden" />}
      </button>
    </Tip>
  )
}

/** Says since when nothing comes from the hub. Lies over the page's top edge, so that nothing jumps when it comes or goes. */
export function OfflineBanner() {
  const { status } = useFeedState()
  const now = useNow()
  const [since, setSince] = useState<number | null>(null)
  const offline = status === 'offline'
  useEffect(() => setSince(offline ? Date.now() : null), [offline])
  if (since === null || now - since < PATIENCE) return null
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-full flex items-center gap-2 border-b border-line-strong bg-accent-soft px-3 py-1 text-xs md:px-5"
    >
      <WifiOff aria-hidden className="size-3.5 shrink-0 text-accent" />
      <span>
        The hub does not answer. What stands here is from {clockText(since)}; trials run on, and this page goes on by
        itself.
      </span>
    </p>
  )
}

export function UserMenu() {
  const link = useWrite('hub.signInLink')
  const toast = useToast()
  const status = useRead('hub.status', undefined, { staleTime: 30_000 })
  const signOut = useWrite('hub.signOut')
  return (
    <>
      <Dialog
        open={link.data !== undefined}
        onOpenChange={open => !open && link.reset()}
        title="Sign in another browser"
        description="Open this link there. It works once and expires soon; whoever opens it is signed in as you."
      >
        <Command text={link.data?.link ?? ''} label="Copy link" />
      </Dialog>
      <Menu trigger={<IconButton label="You and this hub" icon={CircleUser} />}>
        <MenuLabel>
          {status.data ? `${status.data.user.name} (${status.data.user.role}) on ${status.data.name}` : 'Not signed in'}
        </MenuLabel>
        {status.data && <MenuLabel>Flambé {status.data.version}</MenuLabel>}
        <MenuLine />
        <MenuItem
          onSelect={() =>
            link.mutate(undefined, { onError: error => toast({ kind: 'error', text: errorText(error) }) })
          }
        >
          <MonitorSmartphone aria-hidden className="size-4" /> Sign in another browser
        </MenuItem>
        <MenuItem
          onSelect={() =>
            signOut.mutate(undefined, {
              // A whole page load: nothing of the session stays in memory.
              onSettled: () => window.location.assign('/sign-in'),
            })
          }
        >
          <LogOut aria-hidden className="size-4" /> Sign out
        </MenuItem>
      </Menu>
    </>
  )
}
