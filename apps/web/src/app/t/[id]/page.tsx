import type { Metadata } from 'next'
import { TrialPage } from '../../../trial/trial-page.tsx'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Trial ${decodeURIComponent((await params).id)}` }
}

export default async function Page({ params }: Props) {
  return <TrialPage id={decodeURIComponent((await params).id)} />
}
