import { describe, expect, it } from 'vitest'
import { planText } from '../testing/plan-text.ts'

const fromOf = (location: string) => {
  const { plan, problems } = planText(`ext: ${location}\n---\n!Experiment {name: t, pipeline: {a: !ext.Thing}}`)
  return plan?.extensions[0]?.from ?? problems.map(problem => problem.message)
}

describe('the location of an extension', () => {
  it.each([
    ['./my-ext', { kind: 'folder', path: './my-ext' }],
    ['../ext', { kind: 'folder', path: '../ext' }],
    ['~/ext', { kind: 'folder', path: '~/ext' }],
    ['lib/ext', { kind: 'folder', path: 'lib/ext' }],
    ['{folder: ext}', { kind: 'folder', path: 'ext' }],
  ])('%s is a folder', (location, from) => {
    expect(fromOf(location)).toEqual(from)
  })

  it.each([
    ['pkg', { kind: 'npm', package: 'pkg', range: '*' }],
    ['pkg@^1', { kind: 'npm', package: 'pkg', range: '^1' }],
    ['"@scope/pkg@>=1.2 <2"', { kind: 'npm', package: '@scope/pkg', range: '>=1.2 <2' }],
    ['{npm: pkg@1.2.3-rc.1}', { kind: 'npm', package: 'pkg', range: '1.2.3-rc.1' }],
  ])('%s is an npm requirement', (location, from) => {
    expect(fromOf(location)).toEqual(from)
  })

  it.each([
    ['https://github.com/user/repo', null, null],
    ['https://github.com/user/repo.git', null, null],
    ['https://github.com/user/repo/', null, null],
    ['https://github.com/user/repo/tree/main', 'main', null],
    ['https://github.com/user/repo/tree/v1.2/packages/ext', 'v1.2', 'packages/ext'],
    ['https://gitlab.com/group/sub/repo/-/tree/main/ext', 'main', 'ext'],
    ['git+https://host:8443/repo.git#v1', 'v1', null],
    ['git@github.com:user/repo.git#feature/x', 'feature/x', null],
    ['ssh://git@host:2222/user/repo.git#0a1b2c3d', '0a1b2c3d', null],
    ['https://host/repo#v1&path:/packages/ext', 'v1', 'packages/ext'],
    ['https://host/repo#path:ext', null, 'ext'],
    ['{git: "https://host/repo", ref: feature/x, path: ext}', 'feature/x', 'ext'],
  ])('%s is a git repository', (location, ref, folder) => {
    expect(fromOf(location)).toEqual({ kind: 'git', url: expect.stringMatching(/^(https|ssh|git)/), ref, folder })
  })

  it('takes the tree of a page out of the address', () => {
    expect(fromOf('https://gitlab.com/group/sub/repo/-/tree/main/ext')).toMatchObject({
      url: 'https://gitlab.com/group/sub/repo',
    })
    expect(fromOf('git+https://host/repo.git#v1')).toMatchObject({ url: 'https://host/repo.git' })
  })

  it('keeps the hash that pins the content, and the place', () => {
    const sha256 = 'ab'.repeat(32)
    const { plan } = planText(
      `ext: {npm: pkg@1.0.0, sha256: ${sha256}}\n---\n!Experiment {name: t, pipeline: {a: !ext.X}}`,
    )
    expect(plan?.extensions).toEqual([
      {
        name: 'ext',
        location: 'pkg@1.0.0',
        from: { kind: 'npm', package: 'pkg', range: '1.0.0' },
        sha256,
        line: 1,
        column: 6,
      },
    ])
  })

  it.each([
    'https://github.com/user/repo;rm -rf x',
    'git@-oProxyCommand=x:repo',
    'https://host/$(x)',
    'https://host/repo#--x',
    'https://host/repo#a..b',
    'https://host/repo#v1&path:a/../../b',
    '{git: "https://host/repo", path: /etc}',
    'ext::sh -c x',
    '"a\\nb"',
  ])('%s is refused', location => {
    expect(fromOf(location)).toEqual([expect.any(String)])
  })

  it('gives an extension’s own tags only, whatever its catalogue says', () => {
    const entry = {
      ...{ description: '', params: [], open: false, factories: {}, attributes: null, callable: [] },
      ...{ lower_is_better: null, kinds: ['Component'] },
    }
    const components = { 'ext.Thing': { ...entry, tag: 'ext.Thing' }, Model: { ...entry, tag: 'Model' } }
    const text = `ext: ./e\n---\n!Experiment {name: t, pipeline: {a: !ext.Thing, m: !Model {width: 3}}}`
    expect(planText(text, 1, { extensions: { ext: { components } } }).problems).toEqual([])
  })
})
