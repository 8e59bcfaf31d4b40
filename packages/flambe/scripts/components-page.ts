/** Writes docs/components.md from the catalogue: `pnpm generate`. A test holds both in step. */
import { writeFileSync } from 'node:fs'
import { catalogue } from '@flambe/hub/plan'
import { componentsPage } from '../src/reference/page.ts'

writeFileSync(new URL('../../../docs/components.md', import.meta.url), componentsPage(catalogue))
