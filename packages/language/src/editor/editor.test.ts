import { describe, expect, it } from 'vitest'
import { complete, definition, hover } from '../index.ts'
import { TEST_CATALOGUE } from '../testing/catalogue.ts'

/** `|` is the cursor. */
function at(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|')
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset }
}

const found = (marked: string) => {
  const { text, offset } = at(marked)
  return complete(text, offset, TEST_CATALOGUE)
}
const labels = (marked: string) => found(marked).map(({ label }) => label)
const shown = (marked: string) => {
  const { text, offset } = at(marked)
  return hover(text, offset, TEST_CATALOGUE)
}

const HEAD =
  '!Experiment\nname: t\nresources:\n  csv: ./x.csv\npipeline:\n  data: !Data {path: !@ csv}\n  model: !Model\n    width: 3\n    encoder: !Enc {size: 2}\n    sizes: [1, 2]\n'

describe('completion', () => {
  it('of keys of the experiment leaves out what is written', () => {
    expect(labels(`${HEAD}re|`)).toEqual(expect.arrayContaining(['reduce', 'resume', 'reuse', 'search']))
    expect(labels(`${HEAD}|`)).not.toContain('pipeline')
    expect(labels('|')).toContain('name')
  })

  it('of keywords works in block style, in flow style and on an empty line', () => {
    const rest = ['depth', 'layers', 'activation', 'dropout', 'bias', 'name', 'rate', 'labels', 'extra', 'input']
    expect(labels(`${HEAD}    |`)).toEqual(rest)
    expect(labels(`${HEAD}    de|`)).toEqual(rest)
    expect(labels(`${HEAD}    de|: 4\n  next: !Any`)).toEqual(rest)
    expect(labels('!Experiment\npipeline:\n  m: !Model\n    wi|')).toContain('width')
    expect(labels('!Experiment\npipeline:\n  m: !Enc {width: 1, |}')).toEqual(['size', 'from'])
    expect(labels('!Experiment\npipeline:\n  m: !Enc {width: 1, s|')).toEqual(['size', 'from'])
    expect(labels('!Experiment\npipeline:\n  m: !Any\n    l:\n      - !Enc {|}')).toEqual(['width', 'size', 'from'])
  })

  it('replaces the whole word and says type and default', () => {
    const { text, offset } = at(`${HEAD}    de|p: 4`)
    const [depth] = complete(text, offset, TEST_CATALOGUE)
    expect(depth).toMatchObject({ label: 'depth', insert: 'depth: ', kind: 'keyword', detail: 'whole number' })
    expect(text.slice(depth?.from, depth?.to)).toBe('dep')
  })

  it('of tags offers what the keyword takes, then options and links', () => {
    const tags = labels(`${HEAD}    layers: [!|`)
    expect(tags.slice(0, 2)).toEqual(['!Enc', '!OtherEnc'])
    expect(tags).toContain('!g')
    expect(labels('!Experiment\npipeline:\n  a: !D|')).toEqual(
      expect.arrayContaining(['!Data', '!Data.autogen', '!Model']),
    )
    expect(labels('!Experiment\npipeline:\n  a: !|')).not.toContain('!TPE')
    expect(labels('!Experiment\npipeline:\n  a: !|')).not.toContain('!g')
    expect(labels('!Exp|')).toEqual(['!Experiment'])
    expect(labels('!Experiment\nresources: {a: !|}')).toEqual(['!cluster'])
  })

  it('of search algorithms and schedulers knows their blocks, tags and keywords', () => {
    expect(labels(`${HEAD}search:\n  |`)).toEqual(['data', 'model'])
    expect(labels(`${HEAD}search:\n  model: !|`)).toEqual(['!TPE', '!NSGA2', '!Grid'])
    expect(labels(`${HEAD}search:\n  model: |`)).toEqual(['!TPE', '!NSGA2', '!Grid'])
    expect(labels(`${HEAD}search:\n  model: !TPE {n|}`)).toContain('n_trials')
    expect(labels(`${HEAD}schedulers:\n  model: !Patience {of: !|`)).toEqual(['!ASHA', '!Patience'])
    expect(labels(`${HEAD}schedulers:\n  model: !ASHA {mode: |}`)).toEqual(['stop', 'promote'])
  })

  it('of values offers choices and booleans, and components where one is expected', () => {
    expect(labels(`${HEAD}    activation: |`)).toEqual(['relu', 'tanh', 'sigmoid'])
    expect(labels(`${HEAD}    activation: !g [relu, |]`)).toEqual(['relu', 'tanh', 'sigmoid'])
    expect(labels(`${HEAD}    bias: t|`)).toEqual(['true', 'false'])
    expect(labels(`${HEAD}overlap: |`)).toEqual(['blocks', 'none', 'trials'])
    expect(labels(`${HEAD}    layers:\n      - |`).slice(0, 2)).toEqual(['!Enc', '!OtherEnc'])
  })

  it('of block ids works in reduce, devices, resume', () => {
    expect(labels(`${HEAD}reduce: {|}`)).toEqual(['data', 'model'])
    expect(labels(`${HEAD}reduce: {model: {|}}`)).toEqual(['k', 'mode'])
    expect(labels(`${HEAD}devices: {|}`)).toEqual(['cpu', 'gpu', 'data', 'model'])
    expect(labels(`${HEAD}resume: [|]`)).toEqual(['data', 'model', 'true'])
    expect(labels(`${HEAD}resume:\n  - |`)).toEqual(['data', 'model', 'true'])
    expect(labels(`${HEAD}budget: {|}`)).toEqual(['trials', 'hours', 'patience', 'plateau'])
  })

  it('of links offers earlier blocks and resources, then keys and attributes', () => {
    const after = `${HEAD}  train: !Train\n    data: !@ |\n  later: !Any\n`
    expect(labels(after)).toEqual(['data', 'model', 'train', 'csv'])
    expect(labels(`${HEAD}  train: !Train\n    data: !@ model[|`)).toEqual(['width', 'encoder', 'sizes'])
    expect(labels(`${HEAD}  train: !Train\n    data: !@ model[sizes][|`)).toEqual(['0', '1'])
    expect(labels(`${HEAD}  train: !Train\n    data: !@ data.r|`)).toEqual(['rows', 'label', 'train'])
    expect(labels(`${HEAD}  train: !Train\n    data: !call data.|`)).toEqual(['size'])
    expect(labels(`${HEAD}  train: !Train {data: !@ |}`)).toEqual(['data', 'model', 'train', 'csv'])
    const { text, offset } = at(`${HEAD}  train: !Train\n    data: !@ data.la|`)
    const [first] = complete(text, offset, TEST_CATALOGUE)
    expect(text.slice(first?.from, first?.to)).toBe('la')
  })

  it('of aliases offers the anchors before', () => {
    expect(labels('!Experiment\npipeline:\n  a: &one !Any {x: &two 1}\n  b: *|')).toEqual(['one', 'two'])
  })

  it('is quiet in comments, in free text and in what cannot be read', () => {
    expect(labels(`${HEAD}# a com|ment`)).toEqual([])
    expect(labels('notes: some wo|rds')).toEqual([])
    expect(labels(`${'['.repeat(100)}|`)).toEqual([])
  })
})

describe('hover', () => {
  it('explains tags of components, with their keywords', () => {
    const about = shown(`${HEAD}  t: !Tr|ain {data: !@ data, model: !@ model}`)
    expect(about?.title).toBe('!Train')
    expect(about?.text).toContain('- `data` Dataset, required')
    expect(about?.text).toContain('- `lower_is_better` true or false, default false')
    expect(about?.text).toContain('Links may read: model, step.')
  })

  it('explains factories, the language’s own tags, keywords and keys', () => {
    expect(shown('!Experiment\npipeline: {a: !Data.auto|gen {rows: 3}}')?.title).toBe('!Data.autogen')
    expect(shown(`${HEAD}  t: !Any {x: !|g [1, 2]}`)?.title).toBe('!g [value, value]')
    expect(shown(`${HEAD}  t: !Any {x: !uni|form [1, 2]}`)?.title).toBe('!uniform [low, high]')
    expect(shown(`${HEAD}  t: !Model {act|ivation: relu}`)?.title).toBe('activation: relu | tanh | sigmoid')
    expect(shown(`${HEAD}max_fai|lures: 3`)?.title).toBe('max_failures')
    expect(shown(`${HEAD}reduce: {mo|del: 1}`)?.title).toBe('model: !Model')
    expect(shown('!Exper|iment\nname: t')?.title).toBe('!Experiment')
    expect(shown(`${HEAD}search: {model: !ray.Hyper|OptSearch}`)?.text).toContain('Another name of !TPE.')
  })

  it('says what a link names', () => {
    expect(shown(`${HEAD}  t: !Any {x: !@ mo|del.weights}`)?.title).toBe('model: !Model.weights')
    expect(shown(`${HEAD}  t: !Any {x: !@ "model[enco|der]"}`)?.title).toBe('model: !Enc')
    expect(shown(`${HEAD}  t: !Any {x: !@ cs|v}`)).toMatchObject({ title: 'resource csv', text: './x.csv' })
  })

  it('says nothing of values and unknown words', () => {
    expect(shown(`${HEAD}  t: !Any {x: 1|23}`)).toBeNull()
    expect(shown(`${HEAD}  t: !Unkn|own`)).toBeNull()
    expect(shown(`${HEAD}unkn|own: 1`)).toBeNull()
  })
})

describe('definition', () => {
  const target = (marked: string) => {
    const { text, offset } = at(marked)
    const where = definition(text, offset)
    return where === null ? null : `${where.line}:${where.column} ${text.slice(where.from, where.to)}`
  }

  it('of a link is the block, the keyword or the resource', () => {
    expect(target(`${HEAD}  t: !Any {x: !@ mo|del.weights}`)).toBe('7:3 model')
    expect(target(`${HEAD}  t: !Any {x: !@ "model[enc|oder]"}`)).toBe('9:5 encoder')
    expect(target(`${HEAD}  t: !Any {x: !@ "model[siz|es][1]"}`)).toBe('10:16 2')
    expect(target(`${HEAD}  t: !Any {x: !@ c|sv}`)).toBe('4:3 csv')
    expect(target(`${HEAD}  t: !Any {x: !@ no|body}`)).toBeNull()
  })

  it('of a tag of an extension is its line in the first document', () => {
    expect(target(`ext: ./ext\nother: pkg\n---\n${HEAD}  t: !other.Th|ing {x: 1}`)).toBe('2:1 other')
    expect(target(`ext: ./ext\n---\n${HEAD}  t: !Da|ta {x: 1}`)).toBeNull()
  })

  it('of a block id in another key is the block, and of an alias what it stands for', () => {
    expect(target(`${HEAD}reduce: {mod|el: 1}`)).toBe('7:3 model')
    expect(target(`${HEAD}resume: [da|ta]`)).toBe('6:3 data')
    expect(target(`${HEAD}  t: !Any {x: &a {k: 1}, y: *|a}`)).toBe('11:18 {k: 1}')
    expect(target(`${HEAD}  t: !Any {x: 1|2}`)).toBeNull()
  })
})

describe('for every place of a file', () => {
  it('none of the three throws, and completion replaces a word around the cursor', () => {
    const text = `${HEAD}  t: !Train {data: !@ data, model: !@ "model[encoder]", lr: !g [0.1, 0.2]}\nsearch: {t: !TPE {n_trials: 3}}\n# end\n`
    for (let offset = 0; offset <= text.length; offset += 1) {
      for (const { from, to } of complete(text, offset, TEST_CATALOGUE)) {
        expect(from <= offset && offset <= to).toBe(true)
      }
      hover(text, offset, TEST_CATALOGUE)
      definition(text, offset)
      complete(text.slice(0, offset), offset, TEST_CATALOGUE)
    }
  })
})
