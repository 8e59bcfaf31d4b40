'use client'
/**
 * Hooks over the client: one key shape for every read, `[path, input]`, so that the live layer can find answers by path.
 * Answers already on the screen stay until newer ones are there.
 */
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { errorCode, read, write } from './client.ts'
import type { Input, Output, ReadPath, WritePath, Writes } from './procedures.ts'

const FINAL = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_REQUEST', 'METHOD_NOT_SUPPORTED'])

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 0,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 3 && !FINAL.has(errorCode(error) ?? ''),
        retryDelay: count => Math.min(500 * 2 ** count, 4000),
      },
    },
  })
}

export function readKey<P extends ReadPath>(path: P, input: Input<P>) {
  return [path, input] as const
}

export function readOptions<P extends ReadPath>(path: P, input: Input<P>) {
  return {
    queryKey: readKey(path, input),
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<Output<P>> => read(path, input, signal),
  }
}

export interface ReadSettings {
  /** False until the live topics are watched, so that nothing falls between reading and watching. */
  readonly enabled?: boolean
  /** Keep the last answer while the next input's one is under way. */
  readonly keep?: boolean
  readonly refetchInterval?: number | false
  readonly staleTime?: number
}

export function useRead<P extends ReadPath>(path: P, input: Input<P>, settings: ReadSettings = {}) {
  return useQuery({
    ...readOptions(path, input),
    enabled: settings.enabled ?? true,
    ...(settings.keep ? { placeholderData: keepPreviousData } : {}),
    ...(settings.refetchInterval ? { refetchInterval: settings.refetchInterval } : {}),
    ...(settings.staleTime === undefined ? {} : { staleTime: settings.staleTime }),
  })
}

/** A write; afterwards every read whose path is named is read again. */
export function useWrite<P extends WritePath>(path: P, refresh: readonly ReadPath[] = []) {
  const queries = useQueryClient()
  return useMutation<Writes[P]['output'], Error, Writes[P]['input']>({
    mutationFn: input => write(path, input),
    onSuccess: () => Promise.all(refresh.map(name => queries.invalidateQueries({ queryKey: [name] }))).then(() => {}),
  })
}
