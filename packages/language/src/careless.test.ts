import { describe, expect, it } from 'vitest'
import { file, planText } from './testing/plan-text.ts'

const HEAD = '!Experiment\nname: t\npipeline:\n'

/** What a person types wrong: the text with «» around what must be marked, a part of the message, a part of the hint. */
const CASES: readonly [string, string, RegExp, RegExp][] = [
  ['no blank after a colon', '!Experiment\n«name:»t\npipeline: {a: !Any}\n', /blank is missing after/, /^name: t$/],
  ['a tab as indentation', '!Experiment\nname: t\npipeline:\n«\t»a: !Any\n', /tabs/, /blanks/],
  ['one line with a tab', `${HEAD}  a: !Any\n    x: 1\n«\t»y: 2\n    z: 3\n    w: 4\n  b: !Any\n`, /^tabs/, /blanks/],
  ['a tab too early', `${HEAD}  a: !Any\n«\t»x: 1\n      y: 2\n    z: 3\n`, /^tabs/, /blanks/],
  ['a tab before an item', `${HEAD}  a: !Any\n    x:\n«\t»- 1\n    y: 2\n`, /^tabs/, /blanks/],
  ['a tab inside of brackets', `${HEAD}  a: !Any {\n\t«x»: 1}\n`, /^tabs/, /blanks/],
  ['a link without its mark', file('a: !Any\nb: !Any {x: «@» a}'), /reserved/, /!@ a, .*"@a"/],
  ['a link that sticks to its tag', file('a: !Any\nb: !Any {x: «!@a»}'), /blank is missing behind !@/, /^!@ a$/],
  ['a grid that sticks to its tag', file('a: !Any {x: «!g»[1, 2]}'), /blank is missing behind !g/, /^!g \[1, 2\]$/],
  ['a grid in round brackets', file('a: !Any\n  x: «!g (1, 2)»'), /takes a list/, /^!g \[/],
  ['a backtick', file('a: !Any {x: «`»y`}'), /reserved/, /quoted/],
  ['a quote that is never closed', file('a: !Any {x: «"»one}'), /never closed/, /close it/],
  ['a brace that is never closed', file('a: !Any {x: [1]\n«b»: !Any'), /`{` of line 5, column 11/, /`}`/],
  ['a line that is indented wrongly', file('a: !Any\n  x: 1\n «y»: 2'), /same column/, /indent/],
  ['a no-break space in a block', file('a:«\u00a0»!Any {x: [1]}'), /U\+00A0/, /plain blank/],
  ['a no-break space in a key', file('a:«\u00a0»!Any {x: 1}'), /U\+00A0/, /plain blank/],
  ['a merge conflict', `«<<<<<<< HEAD»\n${file('a: !Any')}=======\n>>>>>>> x\n`, /merge conflict/, /keep one/],
  ['a key for the tag', '«Experiment»:\n  name: t\n  pipeline: {a: !Any}\n', /is a key/, /alone in the line/],
  ['a plural', '!Experiment\nname: t\n«pipelines»: {a: !Any}\n', /no key/, /pipeline\?/],
  [
    'an algorithm for the whole',
    file('a: !Any {x: !g [1, 2]}', 'search: «!TPE» {n_trials: 3}\n'),
    /map of blocks/,
    /search: \{/,
  ],
  [
    'a scheduler for the whole',
    file('a: !Any {x: !g [1, 2]}', 'schedulers: «!ASHA» {max_t: 3}\n'),
    /map of blocks/,
    /schedulers: \{/,
  ],
  [
    'an algorithm as others call it',
    file('a: !Any {x: !g [1, 2]}', 'search: {a: «!TPESampler»}\n'),
    /no search algorithm/,
    /^did you mean !TPE\?$/,
  ],
  ['a bare number of reduce', file('a: !Any {x: !g [1, 2]}', 'reduce: «1»\n'), /blocks and numbers/, /reduce: \{/],
  ['a bare device', file('a: !Any', 'devices: «gpu»\n'), /cpu and gpu/, /devices: \{/],
  ['a bare budget', file('a: !Any', 'budget: «100»\n'), /trials and hours/, /budget: \{/],
  ['a bare checkpoint', file('a: !Any', 'checkpoint: «5»\n'), /every and keep/, /checkpoint: \{/],
  ['a bare tag', file('a: !Any', 'tags: «one»\n'), /list of texts/, /tags: \[one\]/],
  [
    'tags as a map',
    file('a: !Any', 'tags: «{team: a}»\n'),
    /list of texts/,
    /^tags are plain words, .* tags: \[team\]$/,
  ],
  [
    'devices inside of a block',
    file('a: !Model {«devices»: {gpu: 1}}'),
    /no keyword/,
    /pipeline`: devices: \{a: \{cpu: 1, gpu: 1\}\}$/,
  ],
  ['an alias of what holds it', file('a: !Any {x: &r [1, «*r»]}'), /inside of &r/, /outside of &r/],
  ['a link in quotes', file('a: !Any\nb: !Any {x: «"!@ a"»}'), /quotes make this a text/, /!@ a/],
  ['an option in quotes', file("b: !Any {x: «'!g [1, 2]'»}"), /no option/, /!g \[1, 2\]/],
  ['nothing in Python', file('b: !Any {x: «None»}'), /text in YAML/, /^null/],
  ['infinity in Python', file('b: !Any {x: «-inf»}'), /text in YAML/, /^-\.inf/],
  ['curly quotes', file('b: !Any {x: «“one”»}'), /belong to the text/, /^"one"$/],
  ['an option of another library', file('b: !Any {x: «!int» [1, 3]}'), /no component/, /!randint/],
  ['the pipeline commented out', '!Experiment\nname: t\n«pipeline»:\n  # a: !Any\n', /no block/, /^block: /],
  ['a name with a blank', '!Experiment\nname: «my run»\npipeline: {a: !Any}\n', /no name/, /my-run/],
  ['a negative number of attempts', file('a: !Any', 'max_failures: «-1»\n'), /at least 0/, /^$/],
  [
    'a logarithm of nothing',
    file('a: !Any {x: !loguniform [«0», 1]}', 'search: {a: !TPE {n_trials: 3}}\n'),
    /greater than 0/,
    /loguniform/,
  ],
]

describe('a careless mistake is one problem, at its place, with what to write instead', () => {
  it.each(CASES)('%s', (_, marked, message, hint) => {
    const wanted = /«([^»]*)»/.exec(marked)?.[1] ?? ''
    const start = marked.indexOf('«')
    const text = marked.replace(/[«»]/g, '')
    const { problems } = planText(text)
    expect(problems.map(problem => problem.message)).toHaveLength(1)
    const [only] = problems
    const offset = (line: number, column: number) =>
      text
        .split('\n')
        .slice(0, line - 1)
        .reduce((sum, one) => sum + one.length + 1, 0) +
      column -
      1
    expect(only?.message).toMatch(message)
    expect(only?.hint).toMatch(hint)
    const from = offset(only?.line ?? 0, only?.column ?? 0)
    expect([from, text.slice(from, offset(only?.endLine ?? 0, only?.endColumn ?? 0))]).toEqual([start, wanted])
  })
})
