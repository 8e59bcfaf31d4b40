/**
 * Files made to hang a reader, to overflow its stack or its memory, or to reach what they should not (S7). Used by the tests and by
 * `bench/hostile.ts`, which says how long each of them takes.
 */
import { LIMITS } from '../index.ts'
import { file } from './plan-text.ts'

const size = LIMITS.bytes

/** Each of them is answered with Problems, never with a plan. */
export const HOSTILE: { readonly [name: string]: string } = {
  'open lists': '['.repeat(size),
  'open maps': '{'.repeat(size),
  'lists in a line': '- '.repeat(size / 2),
  'question marks': '? '.repeat(size / 2),
  'anchors without end': '&a '.repeat(size / 3),
  'tags without end': '!a '.repeat(size / 3),
  'aliases without end': '*a '.repeat(size / 3),
  colons: `a:\n${' :'.repeat(size / 2 - 2)}`,
  quotes: '"'.repeat(size),
  'closing braces': '}'.repeat(size),
  commas: `a: [${','.repeat(size - 4)}`,
  documents: '---\n'.repeat(size / 4),
  directives: '%a\n'.repeat(size / 3),
  comments: '# a\n'.repeat(size / 4),
  'deeper and deeper': Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'a list of ones': `a: [${'1,'.repeat(size / 2 - 3)}]`,
  'many keys': Array.from({ length: 26_000 }, (_, i) => `k${i}: 1`).join('\n'),
  'many keys in the pipeline': file(Array.from({ length: 3_900 }, (_, i) => `b${i}: !Any`).join('\n')),
  'many unknown keys of a component': file(
    `a: !Model\n${Array.from({ length: 3_900 }, (_, i) => `  k${i}: 1`).join('\n')}`,
  ),
  'block scalars': '- |\n'.repeat(size / 4),
  'a long scalar': `a: "${'x\n '.repeat(size / 3 - 3)}"`,
  'at signs': '@'.repeat(size),
  surrogates: '\ud800'.repeat(size / 3),
  'a chain of aliases': file(
    `a: !Any\n  x0: &x0 [1]\n${Array.from({ length: 1_500 }, (_, i) => `  x${i + 1}: &x${i + 1} [*x${i}]`).join('\n')}`,
  ),
  'an alias bomb': file(
    `a: !Any\n  x0: &x0 [1]\n${Array.from({ length: 28 }, (_, i) => `  x${i + 1}: &x${i + 1} [*x${i}, *x${i}]`).join('\n')}`,
  ),
  'a bomb of merges': file(
    `a: !Any\n  x0: &x0 {k: 1}\n${Array.from({ length: 700 }, (_, i) => `  x${i + 1}: &x${i + 1} {<<: *x${i}, k${i}: 1}`).join('\n')}`,
  ),
  'equal values in a grid': file(`a: !Any {x: !g [${'1, '.repeat(9_000)}1]}`),
  'links through links': file(
    `b0: !Any {v: 1, w: 2}\n${Array.from({ length: 120 }, (_, i) => `b${i + 1}: !Any\n  v: !g [!@ "b${i}[v]", !@ "b${i}[w]"]\n  w: !g [!@ "b${i}[w]", !@ "b${i}[v]"]`).join('\n')}`,
  ),
  'entangled options': file(
    `${Array.from({ length: 40 }, (_, i) => `a${i}: !Any {x: !g [1, 2]}`).join('\n')}\nz: !Any\n${Array.from({ length: 2 }, (_, r) => Array.from({ length: 40 }, (_, i) => `  v${r}_${i}: !g [!@ a${i}.x, ${r}]`).join('\n')).join('\n')}`,
  ),
  'draws without end': file('a: !Any {x: !s [0, 1000000000, 1000000000]}'),
  'a name that backtracks': `!Experiment {name: ${'a'.repeat(200_000)}!, pipeline: {a: !Any}}`,
  'ten million letters': file(`a: !Any {x: "${'x'.repeat(10_000_000)}"}`),
  'ten million lines': '\n'.repeat(10_000_000),
  'lists 10,000 deep': file(`a: !Any {x: ${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
  'maps 10,000 deep': file(`a: !Any {x: ${'{k: '.repeat(10_000)}1${'}'.repeat(10_000)}}`),
  'components 10,000 deep': file(`a: !Any {x: ${'!Any {k: '.repeat(10_000)}1${'}'.repeat(10_000)}}`),
  'grids 10,000 deep': file(`a: !Any {x: ${'!g ['.repeat(10_000)}1${']'.repeat(10_000)}}`),
  'a list that holds itself': file('a: !Any {x: &x [1, *x]}'),
  'a component that holds itself': file('a: &x !Any {x: {y: *x}}'),
  'a grid that holds itself': file('a: !Any {x: &x !g [1, *x]}'),
  'a map that merges itself': file('a: !Any {x: &x {k: 1, <<: *x}}'),
  'aliases that hold each other': file('a: !Any {x: &x [*y], y: &y [*x]}'),
  'a billion laughs': file(
    `a: !Any\n  x0: &x0 [${'ha, '.repeat(9)}ha]\n${Array.from({ length: 9 }, (_, i) => `  x${i + 1}: &x${i + 1} [${`*x${i}, `.repeat(9)}*x${i}]`).join('\n')}`,
  ),
  'a bomb of grids': file(
    `a: !Any\n  x0: &x0 !g [1, 2]\n${Array.from({ length: 28 }, (_, i) => `  x${i + 1}: &x${i + 1} !g [!Any {k: *x${i}}, !Any {l: *x${i}}]`).join('\n')}`,
  ),
  'a bomb in search': `!Experiment\nname: t\npipeline: {a: !Any {x: !uniform [0, 1]}}\nsearch:\n  a: !TPE\n    initial:\n${Array.from({ length: 28 }, (_, i) => `      - &x${i + 1} [${i === 0 ? '1' : `*x${i}, *x${i}`}]`).join('\n')}\n`,
  'a bomb of extensions': `a: &a [1, 1]\n${Array.from({ length: 28 }, (_, i) => `k${i}: &k${i} [*${i === 0 ? 'a' : `k${i - 1}`}, *${i === 0 ? 'a' : `k${i - 1}`}]`).join('\n')}\n---\n${file('a: !Any')}`,
  'a million variants of one block': file(
    `a: !Any {${'abcdef'.replace(/./g, key => `${key}: !g [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], `)}z: 1}`,
  ),
  'a million variants by inheritance': file(
    `a: !Any {x: !g [${Array.from({ length: 100 }, (_, i) => i).join(', ')}]}\nb: !Any {x: !g [${Array.from({ length: 100 }, (_, i) => i).join(', ')}], up: !@ a}\nc: !Any {x: !g [${Array.from({ length: 100 }, (_, i) => i).join(', ')}], up: !@ b}`,
  ),
  'variants beyond counting': file(
    Array.from(
      { length: 200 },
      (_, b) => `b${b}: !Any {${b === 0 ? '' : `up: !@ b${b - 1}, `}x: !g [1, 2, 3, 4]}`,
    ).join('\n'),
  ),
  'draws of a million': file('a: !Any {x: !s [0.0, 1.0, 1000000]}'),
  'a search of a quadrillion': file('a: !Any {x: !uniform [0, 1]}', 'search: {a: !TPE {n_trials: 1000000000000000}}\n'),
  'a name of dashes': `!Experiment {name: "a${'-'.repeat(200_000)}!", pipeline: {a: !Any}}`,
  'a name of dashes inside': `!Experiment {name: "a${'-'.repeat(100_000)}b${'-'.repeat(100_000)}!b", pipeline: {a: !Any}}`,
  'a block of dashes': file(`? "a${'-'.repeat(200_000)}!"\n: !Any`),
  'a link of brackets': file(`a: !Any {x: !@ "a${'[a]'.repeat(60_000)}"}`),
  'a link of dots': file(`a: !Any {x: !@ "a${'.'.repeat(200_000)}"}`),
  'a long tag': file(`a: !${'A'.repeat(200_000)}`),
  'a tag of dots': file(`a: !${'a.'.repeat(100_000)}b`),
  'a long key in a path': file(`m: !Model {extra: {${'b'.repeat(200_000)}: {c: 1}}, width: x}`),
  'an extension of slashes': `ext: "https://h/a/tree/b/${'/'.repeat(200_000)}x\\n"\n---\n${file('a: !Any')}`,
  'an extension of letters': `ext: "${'a'.repeat(200_000)}!"\n---\n${file('a: !Any')}`,
  'a resource of letters': file('a: !Any', `resources: {r: "${'a'.repeat(100_000)}:${'b@'.repeat(50_000)}"}\n`),
  'many long names that are all wrong': file(
    `a: !Any\n${Array.from({ length: 1_200 }, (_, i) => `b${i}: !Any {x: !@ ${'n'.repeat(90)}${i}, ${'k'.repeat(60)}${i}: 1}`).join('\n')}`,
  ),
  'unknown blocks beside many': file(
    Array.from({ length: 250 }, (_, i) => `${'n'.repeat(50)}${i}: !Any`).join('\n'),
    `reduce: {${Array.from({ length: 250 }, (_, i) => `${'n'.repeat(50)}x${i}: 1`).join(', ')}}\n`,
  ),
  'shared options under a search': file(
    `b0: !Any\n  x: &x [${Array.from({ length: 900 }, () => '!g [1, 2]').join(', ')}]\n${Array.from({ length: 15 }, (_, i) => `b${i + 1}: !Any {x: *x, up: !@ b${i}}`).join('\n')}`,
    `search: {b0: !TPE {n_trials: 3}}\n`,
  ),
  'links inside of a searched block': file(
    `${Array.from({ length: 100 }, (_, i) => `a${i}: !Any {x: !g [1, 2]}`).join('\n')}\nz: !Any\n${Array.from({ length: 100 }, (_, i) => `  v${i}: !g [!@ a${i}.x, 0]`).join('\n')}\ny: !Any {up: !@ z, w: !g [1, 2]}`,
    'search: {z: !TPE {n_trials: 9999}}\n',
  ),
  'ancestors that a search does not count': file(
    `${Array.from({ length: 100 }, (_, i) => `a${i}: !Any {x: !g [1, 2]}`).join('\n')}\nz: !Any\n${Array.from({ length: 100 }, (_, i) => `  v${i}: !g [!@ a${i}.x, 0]`).join('\n')}\ny: !Any {up: !@ z, w: !g [1, 2]}`,
    'search: {z: !TPE {n_trials: 9}}\n',
  ),
  'ancestries without end': file(
    `s: !Any {x: !uniform [0, 1]}\n${Array.from({ length: 100 }, (_, i) => `a${i}: !Any`).join('\n')}\ny: !Any\n  up: !@ s\n${Array.from({ length: 60 }, (_, i) => `  v${i}: !g [!@ a${i}, 0]`).join('\n')}`,
    'search: {s: !TPE {n_trials: 9}}\nmax_trials: 9007199254740991\n',
  ),
  'no-break spaces': file(`a:${'\u00a0!Any {'.repeat(25_000)}`),
  'brackets that nothing closes, line by line': file('a: !Any [\n'.repeat(8_000)),
  'quotes that nothing closes, line by line': file(`a: "x\n'y: "z\n`.repeat(8_000)),
  'markers of a merge': `${'<<<<<<< a\n=======\n>>>>>>> b\n'.repeat(8_000)}`,
  'keys without a blank': file('- '.repeat(20_000) + 'a:b\nc:d\n'.repeat(5_000)),
  'tags without a blank': file(`a: [${'!g[1], '.repeat(9_000)}]`),
}

/** Large or odd, and right: each of them is planned. */
export const HANDLED: { readonly [name: string]: string } = {
  'ten thousand alternatives': file(
    `a: !Any {x: !choice [${Array.from({ length: 10_000 }, (_, i) => i).join(', ')}]}`,
    'search: {a: !TPE {n_trials: 9}}\n',
  ),
  'nine hundred distributions': file(
    `a: !Any {${Array.from({ length: 900 }, (_, i) => `k${i}: !uniform [0, 1]`).join(', ')}}`,
    'search: {a: !TPE {n_trials: 9}}\n',
  ),
  'nine hundred alternatives with options of their own': file(
    `a: !Any {x: !choice [${Array.from({ length: 450 }, (_, i) => `!Any {k: !uniform [0, ${i + 1}]}`).join(', ')}]}`,
    'search: {a: !TPE {n_trials: 9}}\n',
  ),
  'choices inside of choices': file(
    `a: !Any {x: ${'!choice [0, !Any {k: '.repeat(14)}1${'}]'.repeat(14)}}`,
    'search: {a: !TPE {n_trials: 9}}\n',
  ),
  'bounds at the end of all numbers': file(
    'a: !Any {x: !uniform [-1.0e308, 1.0e307], y: !loguniform [1.0e-308, 1.0e308], z: !quniform [0, 1.0e300, 1.0e-300], n: !normal [0, 1.0e308], i: !randint [-9007199254740991, 9007199254740991]}',
    'search: {a: !TPE {n_trials: 9}}\n',
  ),
  'a million variants that are allowed': file(
    `a: !Any {${'abcdef'.replace(/./g, key => `${key}: !g [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], `)}z: 1}`,
    'max_trials: 1000000\n',
  ),
  'a hundred copies by alias': file(
    `a: &a !Any {x: !g [1, 2]}\n${Array.from({ length: 100 }, (_, i) => `b${i}: !Any {m: *a, up: !@ a}`).join('\n')}`,
  ),
}
