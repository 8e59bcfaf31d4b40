/** Shapes that several procedures take. Every text and list has a limit (S11). */
import type { ExtensionPieces } from '@flambe/language'
import { manifest } from '@flambe/protocol'
import { z } from 'zod'
import { catalogueShape } from '../extensions/catalogue-shape.ts'

export const experimentId = z.string().regex(/^[a-z0-9]{1,40}$/)
export const rowId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/)
/** Minted by whoever sends the command; the same id takes effect once (G15). */
export const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,100}$/)
export const yaml = z.string().max(256 * 1024, 'the file is longer than 256 KiB')
export const resources = z
  .record(z.string().max(1_100), manifest)
  .refine(r => Object.keys(r).length <= 200, { message: 'more than 200 resources' })
/** Catalogues of extensions, made where their code is. */
export const extensions = z
  .record(z.string().max(200), catalogueShape)
  .refine(all => JSON.stringify(all).length <= 1_000_000, { message: 'the catalogues of extensions are too large' })
  .transform(all => all as unknown as ExtensionPieces)

/** npm versions and git commits that the extensions were obtained at. */
export const versions = z.record(z.string().max(200), z.string().max(200))
/** As the language has it: the first part of tags. */
export const extensionName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)

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
