/** The catalogue of an extension as it must be, whoever made it: the command that submits, or an agent. */
import type { Catalogue } from '@flambe/language'
import { z } from 'zod'

const LONGEST = 1_000_000

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
        path: z.literal('shipped').optional(),
      }),
    )
    .max(500),
}

export const catalogueShape = z.object({
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
      alias_of: z.string().max(500).optional(),
    }),
  ),
})

/** Null: it is none, or too large. */
export function catalogueOf(value: unknown): Catalogue | null {
  const parsed = catalogueShape.safeParse(value)
  if (!parsed.success || JSON.stringify(parsed.data).length > LONGEST) return null
  return parsed.data as unknown as Catalogue
}
