import { describe, expect, it } from 'vitest'
import { dump, variants } from '../index.ts'
import { file, mustPlan } from '../testing/plan-text.ts'

const dumped = (text: string, seed?: number) => dump(mustPlan(text, seed))

describe('dump', () => {
  it('keeps the text as it is when nothing is to be filled in', () => {
    const text = file('a: !Any {x: !g [1, 2]} # a comment')
    expect(dumped(text)).toBe(text)
  })

  it('writes the seed that was drawn as the first key', () => {
    expect(dumped('!Experiment\n  name: t\n  pipeline: {a: !Any}\n')).toBe(
      '!Experiment\n  seed: 7\n  name: t\n  pipeline: {a: !Any}\n',
    )
    expect(dumped('{}\n---\n!Experiment {name: t, pipeline: {a: !Any}}\n')).toBe(
      '{}\n---\n!Experiment {seed: 7, name: t, pipeline: {a: !Any}}\n',
    )
    expect(dumped('!Experiment\n? name\n: t\npipeline: {a: !Any}\n')).toBe(
      '!Experiment\nseed: 7\n? name\n: t\npipeline: {a: !Any}\n',
    )
  })

  it('writes the seed of the caller over that of the file', () => {
    expect(dumped('!Experiment\nname: t\nseed: 3 # mine\npipeline: {a: !Any}\n', 9)).toBe(
      '!Experiment\nname: t\nseed: 9 # mine\npipeline: {a: !Any}\n',
    )
    for (const empty of ['seed:', 'seed: ~', '"seed":']) {
      expect(mustPlan(dumped(`!Experiment\nname: t\n${empty}\npipeline: {a: !Any}\n`, 9)).seed).toBe(9)
    }
    expect(mustPlan(dumped('!Experiment {seed, name: t, pipeline: {a: !Any}}', 9)).seed).toBe(9)
  })

  it('writes what was drawn, floats as floats, in any style of the list', () => {
    const text = file(
      'a: !Any\n  x: !s [0.0, 2.0, 2, 0]\n  y: !s\n  - 10\n  - 20\n  - 3\n  z: !s &z [1, 100, 2] # drawn\n  w: [*z, !g [!s [5, 9, 2], 7]]',
    )
    const again = dumped(text)
    expect(again).not.toContain('!s')
    expect(again).toContain('# drawn')
    expect(again).toMatch(/x: !g \[[01]\.0(, [01]\.0)?\]/)
    expect(again).toMatch(/y: !g \[1\d, 1\d, 1\d\]/)
    expect([...variants(mustPlan(again), 'a')]).toEqual([...variants(mustPlan(text), 'a')])
  })

  it('gives the same variants for any seed where a draw falls together with what is written', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const text = file('a: !Any {x: !g [!s [0, 2, 1], 1, !s [0, 3, 2]]}')
      const plan = mustPlan(text, seed)
      expect([...variants(mustPlan(dump(plan)), 'a')]).toEqual([...variants(plan, 'a')])
    }
  })

  it('moves local paths for a file that is written elsewhere', () => {
    const text = file(
      'a: !Any {x: !@ csv}\ns: !Script {script: !g [one.py, tools/two.py]}',
      'resources: {csv: data/x.csv, big: !cluster /mnt}\n',
    )
    const moved = dump(mustPlan(text), { relocate: location => `/abs/${location}` })
    expect(moved).toContain('csv: "/abs/data/x.csv", big: !cluster /mnt')
    expect(moved).toContain('!g ["/abs/one.py", "/abs/tools/two.py"]')
  })

  it('pins extensions to what was installed, and moves their folders', () => {
    const text = `# mine\nown: ./ext # here\npkg: pkg@^1\ngit: "https://github.com/user/repo/tree/main/sub"\nkeep: other\n---\n${file('a: !own.Thing')}`
    const sha256 = 'ab'.repeat(32)
    const plan = mustPlan(text)
    const pinned = dump(plan, {
      relocate: location => `/abs/${location}`,
      pinned: {
        own: { version: null, sha256 },
        pkg: { version: '1.4.2', sha256 },
        git: { version: '0a1b2c3', sha256 },
      },
    })
    expect(pinned.split('---')[0]).toBe(
      `# mine\nown: {folder: "/abs/./ext", sha256: "${sha256}"} # here\npkg: {npm: "pkg@1.4.2", sha256: "${sha256}"}\ngit: {git: "https://github.com/user/repo", ref: "0a1b2c3", path: "sub", sha256: "${sha256}"}\nkeep: other\n`,
    )
    const again = mustPlan(pinned)
    expect(again.extensions.map(({ from }) => from)).toEqual([
      { kind: 'folder', path: '/abs/./ext' },
      { kind: 'npm', package: 'pkg', range: '1.4.2' },
      { kind: 'git', url: 'https://github.com/user/repo', ref: '0a1b2c3', folder: 'sub' },
      { kind: 'npm', package: 'other', range: '*' },
    ])
    expect(dump(again)).toBe(pinned)
  })

  it('leaves the distributions of a search as they are: the seed says what is drawn', () => {
    const text = file('a: !Any {x: !uniform [0, 1], y: !s [1, 9, 3]}', 'search: {a: !TPE {n_trials: 4}}\n')
    expect(dump(mustPlan(text))).toBe(text)
  })
})
