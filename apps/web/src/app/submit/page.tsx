import type { Metadata } from 'next'
import { SubmitPage } from '../../submit/submit-page.tsx'

export const metadata: Metadata = { title: 'New experiment' }

export default function Page() {
  return <SubmitPage />
}
