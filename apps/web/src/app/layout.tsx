/** The shell around every page. Rendered per request: the theme is a cookie, and the CSP's nonce is new each time. */
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import { type ReactNode, Suspense } from 'react'
import { Providers } from '../shell/providers.tsx'
import { Rail } from '../shell/rail.tsx'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Flambé', template: '%s · Flambé' },
  description: 'Multi-stage machine-learning experiments on your own machines',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

export default async function Layout({ children }: { readonly children: ReactNode }) {
  const theme = (await cookies()).get('flambe_theme')?.value
  return (
    <html
      lang="en"
      {...(theme === 'light' || theme === 'dark' ? { 'data-theme': theme } : {})}
      suppressHydrationWarning
    >
      <body>
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
        >
          To the content
        </a>
        <Providers>
          <Rail />
          <div className="min-w-0 md:pl-12">
            <Suspense>{children}</Suspense>
          </div>
        </Providers>
      </body>
    </html>
  )
}
