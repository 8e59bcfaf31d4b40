import { Compass } from 'lucide-react'
import type { Metadata } from 'next'
import { ButtonLink } from '../ui/button.tsx'
import { Empty } from '../ui/panel.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main id="main" className="flex min-h-[80vh] items-center">
      <Empty icon={Compass} title="There is no such page">
        <p>The address may be mistyped, or what stood here belongs to another hub.</p>
        <div className="mt-4">
          <ButtonLink href="/" look="primary" size="md">
            To the experiments
          </ButtonLink>
        </div>
      </Empty>
    </main>
  )
}
