/** Shapes that several procedures take. Every text and list has a limit (S11). */
import type { ExtensionPieces } from '@flambe/language'
import { manifest } from '@flambe/protocol'
import { z } from 'zod'

export const experimentId = z.string().regex(/^[a-z0-9]{1,40}$/)
export const rowId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/)
/** Minted by whoever sends the command; the same id takes effect once (G15). */
export const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,100}$/)
export const yaml = z.string().max(256 * 1024, 'the file is longer than 256 KiB')
export const resources = z
  .record(z.string().max(1_100), manifest)
  .refine(r => Object.keys(r).length <= 200, { message: 'more than 200 resources' })
const json = z.record(z.string(), z.json())
const keywords = {
  description: z.string().max(10_000),
  open: z.boolean(),
  params: z
    .array(
      z.object({
        name: z.string().max(500),
        required: z.boolean(),
        description: z.string().max(10_000),
        default: z.json().optional(),
        schema: json.optional(),
        component: z.string().max(500).optional(),
      }),
    )
    .max(500),
}
/** Catalogues of extensions, made where their code is. */
export const extensions = z
  .record(
    z.string().max(200),
    z.object({
      components: z.record(
        z.string().max(500),
        z.object({
          tag: z.string().max(500),
          ...keywords,
          factories: z.record(z.string().max(500), z.object(keywords)),
          attributes: z.union([z.array(z.string().max(500)).max(1_000), z.literal('*'), z.null()]),
          callable: z.array(z.string().max(500)).max(1_000),
          lower_is_better: z.boolean().nullable(),
          kinds: z.array(z.string().max(500)).max(100),
          one_of: z
            .array(z.array(z.string().max(500)).max(100))
            .max(100)
            .optional(),
        }),
      ),
    }),
  )
  .refine(all => JSON.stringify(all).length <= 1_000_000, { message: 'the catalogues of extensions are too large' })
  .transform(all => all as unknown as ExtensionPieces)

export const trialState = z.enum([
  'pending',
  'queued',
  'preparing',
  'running',
  'paused',
  'unreachable',
  'stopping',
  'success',
  'pruned',
  'failure',
  'cancelled',
  'masked',
])
export const experimentState = z.enum(['pending', 'running', 'paused', 'success', 'failure', 'cancelled'])
