/**
 * The one tRPC client of the pages. Reads that may be long (a plan's text, a hundred trial ids) go as POST. A signed-out
 * answer is told to whoever registered with `onSignedOut`; the caller still sees the error.
 */
import { createTRPCUntypedClient, httpBatchLink, httpLink, splitLink, TRPCClientError } from '@trpc/client'
import type { Input, Output, ReadPath, WritePath, Writes } from './procedures.ts'

const URL = '/api/trpc'
const LONG_READS: ReadonlySet<string> = new Set<ReadPath>(['experiments.plan', 'series.read'])

const client = createTRPCUntypedClient({
  links: [
    splitLink({
      condition: operation => LONG_READS.has(operation.path),
      true: httpLink({ url: URL, methodOverride: 'POST' }),
      false: httpBatchLink({ url: URL, maxItems: 8, maxURLLength: 4000 }),
    }),
  ],
})

let signedOut: () => void = () => {}

export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

export async function read<P extends ReadPath>(path: P, input: Input<P>, signal?: AbortSignal): Promise<Output<P>> {
  return (await guarded(client.query(path, input, signal ? { signal } : {}))) as Output<P>
}

export async function write<P extends WritePath>(path: P, input: Writes[P]['input']): Promise<Writes[P]['output']> {
  return (await guarded(client.mutation(path, input))) as Writes[P]['output']
}

/** Ids of commands: a resend of the same command is then harmless. */
export function commandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** `UNAUTHORIZED`, `NOT_FOUND` ...; null when the hub did not answer at all. */
export function errorCode(error: unknown): string | null {
  return error instanceof TRPCClientError ? ((error.data as { code?: string } | null)?.code ?? null) : null
}

export function errorText(error: unknown): string {
  if (error instanceof TRPCClientError) {
    if (error.data) return error.message
    return 'The hub does not answer. It may be restarting; this page tries again by itself.'
  }
  return error instanceof Error ? error.message : String(error)
}

async function guarded(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (errorCode(error) === 'UNAUTHORIZED') signedOut()
    throw error
  }
}
