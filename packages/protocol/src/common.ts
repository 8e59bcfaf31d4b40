/** Shapes that messages share. Names are labels, never paths; every text has a limit (S11). */
import { z } from 'zod'

export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/)
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const text = (max: number) => z.string().max(max)
/** Bytes as Socket.IO delivers them: Buffer on Node, both are Uint8Array. */
export const bytes = (max: number) =>
  z.instanceof(Uint8Array).refine(b => b.byteLength <= max, { message: `more than ${max} bytes` })
export const json = z.json()
/** A record of JSON values that is at most `max` characters as JSON. */
export const bag = (max: number) =>
  z
    .record(z.string().max(200), json)
    .refine(v => JSON.stringify(v).length <= max, { message: `more than ${max} characters` })
export const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
export const metric = z.union([z.number(), z.enum(['.nan', '.inf', '-.inf'])])

/** A path inside a manifest: relative, `/`-separated, no empty, `.` or `..` step, no backslash, no NUL. */
export const manifestPath = z
  .string()
  .min(1)
  .max(1024)
  .refine(p => !/[\\\0]/.test(p) && p.split('/').every(s => s !== '' && s !== '.' && s !== '..'), {
    message: 'not a relative path',
  })

export const manifest = z.object({
  kind: z.enum(['file', 'folder']),
  files: z
    .array(z.object({ path: manifestPath, sha256, size: count, executable: z.boolean().optional() }))
    .max(100_000),
})

export const failure = z.object({
  class: z.enum([
    'user-code',
    'configuration',
    'out-of-memory',
    'agent-lost',
    'agent-restarted',
    'hub',
    'preempted',
    'infrastructure',
    'fenced',
  ]),
  message: text(10_000),
  stack: text(50_000).nullable(),
})

export const exit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('paused') }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('failed'), failure }),
])

export type Manifest = z.infer<typeof manifest>
export type Exit = z.infer<typeof exit>
export type WireFailure = z.infer<typeof failure>
