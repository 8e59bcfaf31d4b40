/**
 * What a trial reported, whole, as files: its points as JSON lines, an attempt's stdout and stderr as bytes. For `flambe run`,
 * which writes the output folder, and for people who want the data elsewhere. Streamed; everything leaves as an attachment.
 * A reader that takes all at once gives no reason to wait: without a turn of the loop after each window nobody else is served
 * until the file is through.
 */
import { pipeline } from 'node:stream/promises'
import { setImmediate as turn } from 'node:timers/promises'
import type { OpenStore } from '@flambe/store'
import { attachment } from '../http/headers.ts'
import type { Route } from '../http/routes.ts'
import { Refused } from '../refused.ts'
import type { Committed } from '../rows/committed.ts'

const WINDOW = 262_144

export function exportRoutes(store: OpenStore, rows: Committed): readonly Route[] {
  return [
    {
      method: 'GET',
      path: /^\/api\/trials\/([A-Za-z0-9_.-]{1,200})\/points\.jsonl$/,
      permission: 'view',
      name: 'GET /api/trials/<id>/points.jsonl',
      audit: true,
      run: async ({ res, params: [id = ''] }) => {
        if (!rows.trials.has(id)) throw new Refused('UNKNOWN', 'no such trial')
        attachment(res, `${id}.points.jsonl`)
        res.setHeader('Content-Type', 'application/x-ndjson')
        await pipeline(pointLines(store, id), res)
      },
    },
    {
      method: 'GET',
      path: /^\/api\/attempts\/([A-Za-z0-9_.-]{1,200})\/(stdout|stderr)$/,
      permission: 'view',
      name: 'GET /api/attempts/<id>/<stream>',
      audit: true,
      run: async ({ res, params }) => {
        const [id, stream] = params as [string, 'stdout' | 'stderr']
        if (!rows.attempts.has(id)) throw new Refused('UNKNOWN', 'no such attempt')
        attachment(res, `${id}.${stream}.txt`)
        res.setHeader('Content-Type', 'text/plain; charset=utf-8')
        await pipeline(outputText(store, id, stream), res)
      },
    },
  ]
}

async function* pointLines(store: OpenStore, trial: string): AsyncGenerator<string> {
  for (const { tag, points } of await store.points(trial)) {
    let lines = ''
    for (let i = 0; i < points.steps.length; i++) {
      const value = points.values[i] as number
      lines += `${JSON.stringify({ tag, step: points.steps[i], value: asJson(value), time: points.times[i] })}\n`
      if (lines.length < WINDOW) continue
      yield lines
      await turn()
      lines = ''
    }
    yield lines
  }
}

const asJson = (x: number) =>
  Number.isNaN(x) ? '.nan' : x === Number.POSITIVE_INFINITY ? '.inf' : x === Number.NEGATIVE_INFINITY ? '-.inf' : x

async function* outputText(store: OpenStore, attempt: string, stream: 'stdout' | 'stderr'): AsyncGenerator<string> {
  for (let from = 0; ; ) {
    const window = await store.output({ attempt, stream, from, bytes: WINDOW })
    if (window.to <= window.from) return
    yield window.text
    await turn()
    from = window.to
  }
}
