/**
 * The table of docs/architecture.md as rules: which of our packages may import which. `scripts/imports.mjs` runs them and
 * fails when nothing was cruised; `scripts/imports.test.ts` shows each rule failing.
 */
export const table = {
  'packages/language': [],
  'packages/search': [],
  'packages/engine': ['packages/language', 'packages/search'],
  'packages/protocol': [],
  'packages/store': ['packages/engine', 'packages/language'],
  'packages/components': ['packages/protocol', 'packages/language'],
  'packages/hub': [
    'packages/language',
    'packages/engine',
    'packages/protocol',
    'packages/store',
    'packages/search',
    'packages/components/src/catalogue',
  ],
  'packages/flambe': [
    'packages/language',
    'packages/protocol',
    'packages/engine',
    'packages/search',
    'packages/hub',
    'packages/components/src/catalogue',
  ],
  'apps/web/src': ['packages/hub/src/api', 'packages/hub/src/live', 'packages/language', 'packages/search'],
  'apps/web/server': ['packages/hub', 'packages/language'],
  'agents/flambe-agent': ['packages/protocol', 'packages/components'],
  e2e: [],
}

const ours = '^(packages|apps|agents|e2e)/'
const rules = Object.entries(table).map(([room, may]) => ({
  name: `room:${room}`,
  severity: 'error',
  comment: `${room} may import only: ${may.join(', ') || 'nothing of ours'}`,
  from: { path: `^${room}/`, pathNot: '(\\.test\\.ts$|/testing/|/bench/|/scripts/)' },
  to: { path: ours, pathNot: [`^${room}/`, ...may.map(m => `^${m}/`)] },
}))

/** The pure core: no Node builtin, and of npm only what is named. */
const pure = {
  'packages/language': ['yaml', '@noble/hashes', 'fastest-levenshtein'],
  'packages/engine': ['@noble/hashes'],
  'packages/search': [],
  'packages/protocol': ['zod'],
}
const purity = Object.entries(pure).flatMap(([room, libraries]) => [
  {
    name: `pure:${room}`,
    severity: 'error',
    comment: `${room} is pure: no Node builtins`,
    from: { path: `^${room}/src/`, pathNot: '(\\.test\\.ts$|/testing/)' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: `libraries:${room}`,
    severity: 'error',
    comment: `${room} uses of npm only: ${libraries.join(', ')}`,
    from: { path: `^${room}/src/`, pathNot: '(\\.test\\.ts$|/testing/)' },
    to: { path: 'node_modules/', pathNot: [...libraries.map(l => `node_modules/${l}/`), 'node_modules/@flambe/'] },
  },
])

export default {
  forbidden: [
    ...rules,
    ...purity,
    {
      name: 'no-circular',
      severity: 'error',
      from: { pathNot: 'node_modules' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/\\.next/|/testdata/)' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
