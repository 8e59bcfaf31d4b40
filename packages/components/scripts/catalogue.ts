/** Writes src/catalogue/builtin.json from the registered classes. Run it after changing a component's keywords or texts. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeAll } from '../src/catalogue/describe.ts'
import { registered } from '../src/core/registry.ts'
import '../src/library/index.ts'
import '../src/script/index.ts'

const file = fileURLToPath(new URL('../src/catalogue/builtin.json', import.meta.url))
writeFileSync(file, `${JSON.stringify(describeAll(registered()), null, 2)}\n`)
