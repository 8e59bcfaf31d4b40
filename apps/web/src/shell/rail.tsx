'use client'
/** Where the main pages are reached: a rail of icons at the left, a bar at the bottom on phones. */
import { FlaskConical, type LucideIcon, Plus, Server } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cx } from '../ui/class.ts'
import { Tip } from '../ui/tip.tsx'
import { Flame } from './flame.tsx'

interface Place {
  readonly href: string
  readonly text: string
  readonly icon: LucideIcon
  readonly of: (path: string) => boolean
}

const PLACES: readonly Place[] = [
  {
    href: '/',
    text: 'Experiments',
    icon: FlaskConical,
    of: path => path === '/' || path.startsWith('/e/') || path.startsWith('/t/'),
  },
  { href: '/agents', text: 'Agents', icon: Server, of: path => path === '/agents' },
  { href: '/submit', text: 'New experiment', icon: Plus, of: path => path === '/submit' },
]

export function Rail() {
  const path = usePathname()
  return (
    <nav
      aria-label="Main"
      className={cx(
        'fixed inset-x-0 bottom-0 z-30 flex h-12 items-center justify-around border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]',
        'md:inset-x-auto md:top-0 md:left-0 md:h-full md:w-12 md:flex-col md:justify-start md:gap-1 md:border-t-0 md:border-r md:py-2',
      )}
    >
      <Link href="/" aria-label="Flambé" className="hidden size-9 items-center justify-center md:mb-1 md:flex">
        <Flame className="h-5.5" />
      </Link>
      {PLACES.map(({ href, text, icon: Icon, of }) => {
        const here = of(path)
        return (
          <Tip key={href} text={text}>
            <Link
              href={href}
              aria-label={text}
              aria-current={here ? 'page' : undefined}
              className={cx(
                'relative flex h-11 w-24 flex-col items-center justify-center gap-0.5 rounded-md text-muted transition-colors hover:bg-hover hover:text-ink md:size-9',
                here &&
                  'bg-hover text-ink md:before:absolute md:before:-left-1.5 md:before:h-4 md:before:w-0.5 md:before:rounded-full md:before:bg-accent',
              )}
            >
              <Icon aria-hidden className="size-4.5" strokeWidth={1.75} />
              <span aria-hidden className="text-[10px] leading-3 md:hidden">
                {text}
              </span>
            </Link>
          </Tip>
        )
      })}
    </nav>
  )
}
