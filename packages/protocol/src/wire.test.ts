/** The wire cannot change without its version: the hash of every schema stands here beside the number. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { down, FOLDER, PROTOCOL_VERSION, record, refusal, up, upload } from './index.ts'

/** JSON schemas as one text; binary fields and refinements have no JSON schema and appear as `{}`. */
const schemaText = () => {
  const of = (schema: z.ZodType) => z.toJSONSchema(schema, { unrepresentable: 'any' })
  const messages = (family: object) =>
    Object.entries(family as Record<string, { message: z.ZodType; answer?: z.ZodType }>).map(([name, m]) => [
      name,
      of(m.message),
      m.answer === undefined ? null : of(m.answer),
    ])
  return JSON.stringify([messages(up), messages(upload), messages(down), of(record), of(refusal), FOLDER])
}

describe('the wire', () => {
  it('changes only knowingly: by what is announced at hello, or with PROTOCOL_VERSION', () => {
    const hash = createHash('sha256').update(schemaText()).digest('hex').slice(0, 16)
    expect({ version: PROTOCOL_VERSION, hash }).toMatchInlineSnapshot(`
      {
        "hash": "7fa4880c9b765c2f",
        "version": 1,
      }
    `)
  })
})
