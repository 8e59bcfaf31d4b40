'use client'
/** The frame of a page: top bar with breadcrumb and cluster use, and the title of the tab. */
import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { Fragment, type ReactNode, useEffect } from 'react'
import { cx } from '../ui/class.ts'
import { FindButton } from './find/find-button.tsx'
import { ClusterUse, LiveToggle, OfflineBanner, UserMenu } from './status.tsx'
import { ThemeSwitch } from './theme.tsx'

export interface Crumb {
  readonly text: string
  readonly href?: string
  readonly mono?: boolean
}

export function Page({
  title,
  crumbs,
  topics,
  headed,
  children,
}: {
  readonly title: string
  readonly crumbs: readonly Crumb[]
  /** False where nothing is live (the editor). */
  readonly topics?: boolean
  /** True where the content has a heading of its own; elsewhere the last crumb is the page's heading. */
  readonly headed?: boolean
  readonly children: ReactNode
}) {
  useEffect(() => {
    document.title = title === '' ? 'Flambé' : `${title} · Flambé`
  }, [title])
  const Current = headed ? 'span' : 'h1'
  return (
    <>
      <header className="sticky top-0 z-20 flex h-11 items-center gap-2 border-b border-line bg-surface px-3 md:px-5">
        <nav aria-label="Breadcrumb" className="flex min-w-0 flex-1 items-center gap-1 overflow-hidden">
          {crumbs.map((crumb, i) => (
            <Fragment key={crumb.text}>
              {i > 0 && (
                <ChevronRight
                  aria-hidden
                  className={cx('size-3.5 shrink-0 text-faint', i < crumbs.length - 1 && 'max-sm:hidden')}
                />
              )}
              {crumb.href === undefined ? (
                <Current aria-current="page" className={cx('truncate font-medium', crumb.mono && 'mono')}>
                  {crumb.text}
                </Current>
              ) : (
                <Link
                  href={crumb.href}
                  className={cx(
                    'min-w-[2ch] truncate rounded-sm text-muted hover:text-ink',
                    crumb.mono && 'mono',
                    i < crumbs.length - 2 && 'max-sm:hidden',
                  )}
                >
                  {crumb.text}
                </Link>
              )}
            </Fragment>
          ))}
        </nav>
        <FindButton />
        <ClusterUse />
        {topics !== false && <LiveToggle />}
        <ThemeSwitch />
        <UserMenu />
        <OfflineBanner />
      </header>
      <main id="main" className="min-w-0 pb-16 md:pb-6">
        {children}
      </main>
    </>
  )
}
