/** Extensions from git: real bare repositories on this disk; what must not work does not. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { folder, tidy } from '../testing/command.ts'
import { obtain } from './obtain.ts'

vi.setConfig({ testTimeout: 60_000 })

let work: string
let bare: string
beforeEach(() => {
  vi.stubEnv('HOME', folder())
  work = folder()
  bare = folder()
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare])
  git('init', '--quiet', '--initial-branch=main')
  git('remote', 'add', 'origin', bare)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await tidy()
})

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: work, encoding: 'utf8' }).trim()

function commit(text: string): string {
  mkdirSync(join(work, 'deep/ext'), { recursive: true })
  writeFileSync(join(work, 'deep/ext/index.js'), text)
  git('add', '.')
  git('commit', '--quiet', '-m', text)
  git('push', '--quiet', '--tags', 'origin', 'HEAD')
  return git('rev-parse', 'HEAD')
}
const get = (ref: string | null, path: string | null = 'deep/ext', install = true, url = `file://${bare}`) =>
  obtain('x.yaml', { kind: 'git', url, ref, folder: path }, install)
const text = async (...args: Parameters<typeof get>) => {
  const { folder: at, version } = await get(...args)
  return [readFileSync(join(at, 'index.js'), 'utf8'), version]
}

test('a branch (also with a slash), a tag, a commit and its beginning, the default branch; each from a sub-folder', async () => {
  const one = commit('one')
  git('tag', 'v1.0')
  const two = commit('two')
  git('checkout', '--quiet', '-b', 'feature/x')
  const three = commit('three')
  expect(await text('v1.0')).toEqual(['one', one])
  expect(await text(one)).toEqual(['one', one])
  expect(await text(one.slice(0, 9))).toEqual(['one', one])
  expect(await text('main')).toEqual(['two', two])
  expect(await text(null)).toEqual(['two', two])
  expect(await text('feature/x')).toEqual(['three', three])
  expect((await get('v1.0', null)).folder).not.toContain('deep')
})

test('a branch that has moved is what it was until it is asked for again', async () => {
  const one = commit('one')
  await get('main')
  const two = commit('two')
  expect(await text('main', 'deep/ext', false)).toEqual(['one', one])
  expect(await text('main')).toEqual(['two', two])
})

test('what is not there is said: branch, folder, repository', async () => {
  commit('one')
  await expect(get('gone')).rejects.toThrow(/git says .*gone/s)
  await expect(get('main', 'nowhere')).rejects.toThrow('has no folder nowhere')
  await expect(get('main', null, true, `file://${bare}/none`)).rejects.toThrow(/git says/)
  await expect(get('v9', null, false)).rejects.toThrow('is not installed here')
})

test('a folder of the repository that is a link out of it is refused (S9)', async () => {
  symlinkSync('/etc', join(work, 'out'))
  mkdirSync(dirname(join(work, 'a/up')), { recursive: true })
  symlinkSync('../..', join(work, 'a/up'))
  commit('one')
  for (const path of ['out', 'a/up', '../..']) await expect(get('main', path)).rejects.toThrow(/leaves it/)
})

test.each(['ext::sh -c touch% RAN', '--upload-pack=touch RAN', 'fd::7'])('git runs nothing for %s', async url => {
  const ran = join(folder(), 'ran')
  await expect(get(null, null, true, url.replace('RAN', ran))).rejects.toThrow(/git says/)
  expect(existsSync(ran)).toBe(false)
})

test('a file that npm or git left half done is not taken for whole', async () => {
  await expect(get('main')).rejects.toThrow(/git says/)
  await expect(get('main', null, false)).rejects.toThrow('is not installed here')
})
