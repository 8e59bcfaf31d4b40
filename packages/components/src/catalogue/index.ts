/**
 * The built-in library as plain data: what the hub, the command line and the editor check experiments against. Loads no
 * component and no TensorFlow.js. Written by scripts/catalogue.ts; a test holds it in step with the classes.
 */
import type { Catalogue } from '@flambe/language'
import builtin from './builtin.json' with { type: 'json' }

export const catalogue: Catalogue = builtin as unknown as Catalogue
