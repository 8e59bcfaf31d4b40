import type { Metadata } from 'next'
import { ExperimentPage } from '../../../experiment/experiment-page.tsx'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Experiment ${decodeURIComponent((await params).id)}` }
}

export default async function Page({ params }: Props) {
  return <ExperimentPage id={decodeURIComponent((await params).id)} />
}
