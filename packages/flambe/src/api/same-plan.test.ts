/** Whatever a file says can be said in TypeScript, and is the same experiment then: plan and identities (issue 4). */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { planText } from '@flambe/hub/plan'
import { type ParsedExperiment, parse, planAnswer } from '@flambe/language'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { c, choice, Experiment, type ExperimentOptions, g, link, loguniform, s } from '../index.ts'
import { Node, type Value } from './builders.ts'

type Ast = ParsedExperiment['root']['entries'][number]['value']

/** The builders that say what stands in a file; aliases become one object in several places. */
function builders(experiment: ParsedExperiment): ExperimentOptions {
  const known = new Map<number, Value>()
  const scalar = (value: null | boolean | number | string, int: boolean): Value =>
    typeof value === 'number' && Number.isInteger(value) && !int ? new Node('', value) : value
  const map = (entries: readonly { readonly key: string; readonly value: Ast }[]) =>
    Object.fromEntries(entries.map(({ key, value }) => [key, of(value)]))
  const make = (node: Exclude<Ast, { kind: 'alias' }>): Value => {
    switch (node.kind) {
      case 'scalar':
        return scalar(node.value, node.int)
      case 'list':
        return node.items.map(of)
      case 'map':
        return map(node.entries)
      case 'component':
        return new Node(node.tag, map(node.entries))
      case 'link': {
        const keys = node.keys.map(key => `[${key}]`).join('')
        return new Node(node.call ? 'call' : '@', [node.root + keys, ...node.attributes].join('.'))
      }
      case 'grid':
        return new Node(node.choice ? 'choice' : 'g', node.items.map(of))
      case 'sample':
        return new Node('s', node.items.map(of))
      case 'distribution': {
        const tag = experiment.source.text.slice(node.tagSpan.start + 1, node.tagSpan.end)
        return new Node(tag, node.items.map(of))
      }
      case 'cluster':
        return new Node('cluster', node.location)
      default:
        throw new Error(`${node.path} is ${node.kind}`)
    }
  }
  const of = (node: Ast): Value => {
    const target = node.kind === 'alias' ? node.target : node
    const before = known.get(target.id)
    if (before !== undefined) return before
    const made = make(target)
    known.set(target.id, made)
    return made
  }
  const extensions = Object.fromEntries(experiment.extensions.map(({ name, location }) => [name, location]))
  return { ...map(experiment.root.entries), extensions } as unknown as ExperimentOptions
}

const answered = (text: string) => {
  const { plan, problems } = planText(text, { file: 'x.yaml', seed: null, fallbackSeed: 5 })
  return planAnswer({ plan, problems: problems.filter(p => p.severity === 'error') }, { limit: 50 })
}
const root = resolve(import.meta.dirname, '../../../..')
const cases = [
  ...readdirSync(join(root, 'examples'))
    .filter(name => name.endsWith('.yaml'))
    .map(name => join('examples', name)),
  ...readdirSync(join(root, 'packages/language/testdata')).map(name =>
    join('packages/language/testdata', name, 'input.yaml'),
  ),
].filter(path => {
  const { plan } = planText(readFileSync(join(root, path), 'utf8'), { file: 'x.yaml', seed: null, fallbackSeed: 5 })
  return plan !== null
})

it('there are examples, and files of the language that are right', () => {
  expect(cases.filter(path => path.startsWith('examples')).length).toBeGreaterThan(6)
})

it.each(cases)('%s', path => {
  const text = readFileSync(join(root, path), 'utf8')
  const { experiment } = parse(text, { file: 'x.yaml' })
  if (experiment === null) throw new Error(`${path} does not parse`)
  const made = new Experiment(builders(experiment))
  const answer = answered(text)
  expect(answer.ok).toBe(true)
  expect(answered(made.text)).toEqual(answer)
})

describe('a random experiment', () => {
  // Numbers, options, components in options, links to the block before: each said in both languages at once.
  interface Said {
    readonly yaml: string
    readonly value: Value
  }
  const number = fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom(0.5, 1e-3, 2.25))
  const plain = number.map((n): Said => ({ yaml: String(n), value: n }))
  const word = fc.constantFrom('red', 'green').map((w): Said => ({ yaml: w, value: w }))
  const grid = fc
    .uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 })
    .map((ns): Said => ({ yaml: `!g [${ns.join(', ')}]`, value: g(ns) }))
  const sample = fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 10, max: 40 }), fc.integer({ min: 1, max: 3 }))
    .map(([a, b, k]): Said => ({ yaml: `!s [${a}, ${b}, ${k}]`, value: s(a, b, k) }))
  const listed = fc
    .array(fc.oneof(plain, word, grid), { maxLength: 2 })
    .map((all): Said => ({ yaml: `[${all.map(one => one.yaml).join(', ')}]`, value: all.map(one => one.value) }))
  // Made anew each time: one object in two places would be one option.
  const parts = fc
    .constantFrom(
      (): Said => ({
        yaml: '!g [!Adam {lr: !g [0.1, 0.2]}, !SGD {lr: 0.3}]',
        value: g([c('Adam', { lr: g([0.1, 0.2]) }), c('SGD', { lr: 0.3 })]),
      }),
      (): Said => ({ yaml: '!choice [1, 2]', value: choice([1, 2]) }),
      (): Said => ({ yaml: '!loguniform [1.0e-4, 0.1]', value: loguniform(1e-4, 0.1) }),
    )
    .map(make => make())
  const kwargs = fc.dictionary(
    fc.constantFrom('a', 'b', 'lr', 'x y', 'yes'),
    fc.oneof(plain, word, grid, sample, listed, parts),
    {
      maxKeys: 3,
      noNullPrototype: true,
    },
  )

  it('has the plan and the identities of its file', () => {
    fc.assert(
      fc.property(fc.array(kwargs, { minLength: 1, maxLength: 3 }), fc.boolean(), (blocks, links) => {
        const searched = blocks.flatMap((all, at) =>
          Object.values(all).some(({ yaml }) => /!(choice|loguniform)/.test(yaml)) ? [`b${at}`] : [],
        )
        const yaml = ['!Experiment', 'name: r', 'seed: 4', 'pipeline:']
        const pipeline: { [id: string]: Node } = {}
        for (const [at, all] of blocks.entries()) {
          const from =
            links && at > 0 ? { up: { yaml: `!@ "b${at - 1}[metric]"`, value: link(`b${at - 1}[metric]`) } } : {}
          const said: [string, Said][] = Object.entries({ ...all, ...from })
          const text = said.map(([key, one]) => `${JSON.stringify(key)}: ${one.yaml}`).join(', ')
          yaml.push(`  b${at}: !Script {command: [echo], args: [], metric: v, kwargs: {${text}}}`)
          const values = Object.fromEntries(said.map(([key, one]) => [key, one.value]))
          pipeline[`b${at}`] = c('Script', { command: ['echo'], args: [], metric: 'v', kwargs: values })
        }
        if (searched.length > 0) yaml.push(`search: {${searched.map(id => `${id}: !Random {n_trials: 3}`).join(', ')}}`)
        const search = Object.fromEntries(searched.map(id => [id, c('Random', { n_trials: 3 })]))
        const made = new Experiment({ name: 'r', seed: 4, pipeline, ...(searched.length > 0 ? { search } : {}) })
        const answer = answered(`${yaml.join('\n')}\n`)
        expect(answered(made.text).ok).toBe(answer.ok)
        if (answer.ok) expect(answered(made.text)).toEqual(answer)
      }),
      { numRuns: 150 },
    )
  })
})
