import { describe, expect, it } from 'vitest'
import { formatProblem, parse, plan, planAnswer, RULES } from './index.ts'
import { TEST_CATALOGUE } from './testing/catalogue.ts'
import { file, mustPlan, planText } from './testing/plan-text.ts'

describe('the plan answer', () => {
  it('lists blocks with count and variants', () => {
    const answer = planAnswer(planText(file('m: !Model {width: !g [2, 3], depth: !g [1, 2, 4]}\nt: !Any {l: !@ m}')), {
      limit: 1,
    })
    expect(answer).toEqual({
      ok: true,
      name: 't',
      seed: 7,
      problems: [],
      blocks: [
        {
          id: 'm',
          tag: 'Model',
          depends_on: [],
          count: 6,
          variants: [{ id: expect.stringMatching(/^[0-9a-f]{64}$/), params: { 'm.width': 2, 'm.depth': 1 } }],
        },
        { id: 't', tag: 'Any', depends_on: ['m'], count: 6, variants: [expect.objectContaining({})] },
      ],
    })
  })

  it('holds problems only when there is an error, in the order of the file', () => {
    const answer = planAnswer(planText('!Experiment\nname: t\npipeline:\n  a: !Any {x: !@ b}\n  b: !Modle\nsead: 1\n'))
    expect(answer.ok).toBe(false)
    expect(answer.problems.map(({ code, path, line, column }) => [code, path, line, column])).toEqual([
      ['LINK_ORDER', 'pipeline.a.x', 4, 15],
      ['TAG', 'pipeline.b', 5, 6],
      ['CONFIG', 'sead', 6, 1],
    ])
    expect(Object.keys(answer)).toEqual(['ok', 'problems'])
  })

  it('is ok beside warnings', () => {
    const answer = planAnswer(planText(file('a: !Any {x: !s [0, 5, 2, 1]}')))
    expect([answer.ok, answer.problems.map(problem => problem.severity)]).toEqual([true, ['warning']])
  })

  it('lists no variants at limit 0 and quotes a count beyond 2^53 as the largest safe number', () => {
    const grid = Array.from({ length: 100 }, (_, i) => i).join(', ')
    const keys = Array.from({ length: 10 }, (_, i) => `k${i}: !g [${grid}]`).join(', ')
    const made = planText(file(`a: !Any {${keys}}`, 'max_trials: 9007199254740991\n'))
    expect(made.problems.map(({ message }) => message)).toEqual([
      'the experiment has 100,000,000,000,000,000,000 variants, more than 9,007,199,254,740,991 (`max_trials`)',
    ])
    expect(planAnswer({ plan: mustPlan(file('a: !Any {x: !g [1, 2]}')), problems: [] }, { limit: 0 })).toMatchObject({
      blocks: [{ count: 2, variants: [] }],
    })
  })
})

describe('a problem in the terminal', () => {
  const shown = (text: string) => planText(text).problems.map(problem => formatProblem(problem, text))

  it('marks the place under wide letters and tabs, and lets no control character through', () => {
    const [lines] = shown(file('a: !Any {"日本": "\\e[31m", x: !@ b}'.replace('\\e', '\t')))
    expect(lines?.[3]?.indexOf('^')).toBeGreaterThan(0)
    const [coloured] = shown(`!Experiment {name: "\x1b[31mred", pipeline: {a: !Any}}`)
    expect(coloured?.join('')).not.toContain('\x1b')
  })

  it('cuts long lines around the caret', () => {
    const [lines] = shown(
      file(`a: !Any {${Array.from({ length: 60 }, (_, i) => `key${i}: 1`).join(', ')}, x: !@ b, y: 1}`),
    )
    expect(lines?.every(line => line.length < 140)).toBe(true)
    expect(lines?.[2]?.slice(lines[3]?.indexOf('^'))).toMatch(/^!@ b/)
  })
})

describe('plan', () => {
  it('asks its caller for a seed when nobody gave one', () => {
    const { experiment } = parse('!Experiment {name: t, pipeline: {a: !Any}}')
    if (experiment === null) throw new Error('must parse')
    expect(() => plan(experiment, { catalogue: TEST_CATALOGUE })).toThrow('seed')
    expect(plan(experiment, { catalogue: TEST_CATALOGUE, fallbackSeed: 4 }).plan?.seed).toBe(4)
  })

  it('takes the seed of the caller before that of the file before the fallback', () => {
    const { experiment } = parse('!Experiment {name: t, seed: 5, pipeline: {a: !Any}}')
    if (experiment === null) throw new Error('must parse')
    expect(plan(experiment, { catalogue: TEST_CATALOGUE, fallbackSeed: 4 }).plan?.seed).toBe(5)
    expect(plan(experiment, { catalogue: TEST_CATALOGUE, fallbackSeed: 4, seed: 6 }).plan?.seed).toBe(6)
  })

  it('is JSON all through', () => {
    const made = mustPlan(file('a: !Any {x: !g [.nan, 1.5, !Enc], y: &y {k: 1}, z: *y}'))
    expect(JSON.parse(JSON.stringify(made))).toEqual(made)
  })

  it('takes directions from reduce, then from the component, then from the catalogue', () => {
    const made = mustPlan(
      file(
        'a: !Loss\nb: !Loss\nd: !Data {path: x}\nm: !Model\nt: !Train {data: !@ d, model: !@ m, lower_is_better: true}\nu: !Train {data: !@ d, model: !@ m}\ns: !Script {script: x.py, mode: min}',
        'reduce: {b: {k: 2, mode: max}, t: 3}\n',
      ),
    )
    expect(Object.fromEntries(made.blocks.map(({ id, mode }) => [id, mode]))).toEqual({
      a: 'min',
      b: 'max',
      d: 'max',
      m: 'max',
      t: 'min',
      u: 'max',
      s: 'min',
    })
    expect(made.blocks.map(({ reduce }) => reduce).filter(reduce => reduce !== null)).toEqual([
      { k: 2, mode: 'max' },
      { k: 3, mode: 'min' },
    ])
  })

  it('gives every block its devices: its own, else those of all, else one processor and a GPU if there is one', () => {
    const devices = (more: string) => mustPlan(file('a: !Any\nb: !Any', more)).blocks.map(block => block.devices)
    expect(devices('')).toEqual([
      { cpu: 1, gpu: null },
      { cpu: 1, gpu: null },
    ])
    expect(devices('devices: {cpu: 2}\n')).toEqual([
      { cpu: 2, gpu: 0 },
      { cpu: 2, gpu: 0 },
    ])
    expect(devices('devices: {a: {gpu: 0.5}}\n')).toEqual([
      { cpu: 1, gpu: 0.5 },
      { cpu: 1, gpu: null },
    ])
    expect(devices('devices: {cpu: 2, gpu: 1, b: {cpu: 0.5}}\n')).toEqual([
      { cpu: 2, gpu: 1 },
      { cpu: 0.5, gpu: 1 },
    ])
  })

  it('lists shipped code once, with the place where it is written first, and links to it', () => {
    const made = mustPlan(
      file('a: !Script {script: x.py}\nb: !Script {script: !g [x.py, y.py]}', 'resources: {r: ./d}\n'),
    )
    expect(made.resources).toEqual([
      { name: 'r', location: './d', kind: 'local', line: 4, column: 16 },
      { name: 'code:x.py', location: 'x.py', kind: 'local', line: 6, column: 23 },
      { name: 'code:y.py', location: 'y.py', kind: 'local', line: 7, column: 33 },
    ])
    expect(made.blocks[0]?.root.args[0]?.[1]).toMatchObject({ kind: 'link', root: 'code:x.py' })
    expect(made.blocks[1]?.count).toBe(2)
  })

  it('reads the keys of pipelines and names as they are written', () => {
    const made = mustPlan(
      '!Experiment\nname: 0x1F\nseed: 1\npipeline:\n  2: !Data {path: x}\n  0x1F: !Any {l: !@ 2.rows}\n',
    )
    expect([made.name, made.blocks.map(({ id, depends_on }) => [id, depends_on])]).toEqual([
      '0x1F',
      [
        ['2', []],
        ['0x1F', ['2']],
      ],
    ])
  })
})

it('has every rule once, with a line that explains it', () => {
  const names = RULES.map(({ code, rule }) => `${code} ${rule}`)
  expect(new Set(names).size).toBe(names.length)
  expect(RULES.every(({ explanation }) => explanation.endsWith('.'))).toBe(true)
})
