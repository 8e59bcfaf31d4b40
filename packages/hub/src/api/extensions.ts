/**
 * `extensions.describe`: what a folder of code brings whose files were uploaded before. An agent looks, in a process of its own: so it
 * runs code, and asks the same permission as submitting.
 */
import { type Catalogue, contentHash } from '@flambe/language'
import { type Manifest, manifest, sha256 } from '@flambe/protocol'
import { z } from 'zod'
import { extensionOf } from '../extensions/pinned.ts'
import { extensionName } from './inputs.ts'
import { procedure, router } from './trpc.ts'

/** `missing`: upload these blobs (`PUT /api/blobs/<sha256>`) and ask again. */
export type DescribeAnswer =
  | { readonly ok: true; readonly manifest: Manifest; readonly sha256: string; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problem: string; readonly hint: string; readonly missing: readonly string[] }

export const extensions = router({
  describe: procedure('operate')
    .input(
      z
        .object({ name: extensionName, manifest: manifest.optional(), sha256: sha256.optional() })
        .refine(input => (input.manifest === undefined) !== (input.sha256 === undefined), {
          message: 'one of manifest and sha256',
        }),
    )
    .mutation(async ({ ctx, input }): Promise<DescribeAnswer> => {
      const given = input.manifest ?? extensionOf(ctx.hub.rows, input.sha256 as string)
      if (given === null) return no('is not on this hub: no experiment has had this content', 'upload its folder')
      const found = await ctx.hub.describing.describe(input.name, given)
      if (found.kind === 'missing') return no(`misses ${found.missing.length} files`, 'upload them', found.missing)
      if (found.kind === 'problem') return no(found.problem, found.hint)
      return { ok: true, manifest: found.manifest, sha256: contentHash(found.manifest), catalogue: found.catalogue }
    }),
})

const no = (problem: string, hint: string, missing: readonly string[] = []): DescribeAnswer => ({
  ok: false,
  problem,
  hint,
  missing,
})
