import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { embedded } from '../scripts/embed.ts'
import { MIGRATIONS } from './migrations.ts'
import { openStore } from './open.ts'
import { folder, opened } from './testing/sample.ts'

const NEXT = [...MIGRATIONS, { tag: '9999_next', statements: ['CREATE TABLE extra (id integer)', 'DROP TABLE audit'] }]

describe('migrations', { timeout: 60_000 }, () => {
  it('are embedded as they stand in drizzle/', () => {
    expect(readFileSync(new URL('./migrations.ts', import.meta.url), 'utf8')).toBe(embedded())
  })

  it('are what drizzle-kit makes of the schema', () => {
    const cwd = fileURLToPath(new URL('..', import.meta.url))
    const out = folder()
    cpSync(join(cwd, 'drizzle'), out, { recursive: true })
    const bin = join(cwd, 'node_modules', 'drizzle-kit', 'bin.cjs')
    const args = [bin, 'generate', '--dialect', 'sqlite', '--schema', 'src/schema.ts', '--out', relative(cwd, out)]
    expect(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' })).toContain('No schema changes')
  })

  it('G24: copies the file first, then brings it to the next version', async () => {
    const dir = folder()
    const first = await openStore({ dir })
    await first.createUser({ name: 'ada', role: 'admin' })
    await first.close()
    // `audit` is gone in the next version, so what needs it cannot be prepared: open the file by itself.
    await expect(openStore({ dir }, { migrations: NEXT })).rejects.toThrow('no such table: audit')
    const db = new Database(join(dir, 'store.sqlite'), { readonly: true })
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1)
    expect(db.prepare('SELECT name FROM users').pluck().all()).toEqual(['ada'])
    db.close()
    const [backup, ...more] = readdirSync(join(dir, 'backups'))
    expect(more).toEqual([])
    const copy = new Database(join(dir, 'backups', backup ?? ''), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
    expect(copy.prepare('SELECT name FROM users').pluck().all()).toEqual(['ada'])
    expect(copy.prepare('SELECT count(*) FROM audit').pluck().get()).toBe(0)
    copy.close()
  })

  it('G24: one that fails in the middle leaves the file as it was, and this hub can still open it', async () => {
    const dir = folder()
    await (await openStore({ dir })).close()
    const broken = [...MIGRATIONS, { tag: 'broken', statements: ['DROP TABLE audit', 'CREATE TABLE users (id)'] }]
    await expect(openStore({ dir }, { migrations: broken })).rejects.toThrow('already exists')
    const store = await opened(dir)
    await store.audit({ who: 'a', what: 'b', from: 'c', result: 'd' })
  })

  it('makes no backup of a new folder', async () => {
    const dir = folder()
    await opened(dir)
    expect(readdirSync(dir)).not.toContain('backups')
  })

  it('G24: an older hub refuses a newer file, and says so', async () => {
    const dir = folder()
    await (await openStore({ dir })).close()
    const db = new Database(join(dir, 'store.sqlite'))
    db.pragma(`user_version = ${MIGRATIONS.length + 1}`)
    db.close()
    await expect(openStore({ dir })).rejects.toMatchObject({
      code: 'NEWER',
      message: expect.stringContaining('written by a newer hub'),
    })
    await expect(openStore({ dir, readonly: true })).rejects.toMatchObject({ code: 'NEWER' })
  })

  it('refuses a file that is not ours', async () => {
    const dir = folder()
    const db = new Database(join(dir, 'store.sqlite'))
    db.exec('CREATE TABLE theirs (id)')
    db.close()
    await expect(openStore({ dir })).rejects.toMatchObject({ code: 'FOREIGN' })
    const other = folder()
    writeFileSync(join(other, 'store.sqlite'), 'not a database at all, but long enough to look at'.repeat(20))
    await expect(openStore({ dir: other })).rejects.toMatchObject({ code: 'FOREIGN' })
    await expect(openStore({ dir: folder(), readonly: true })).rejects.toMatchObject({ code: 'FOREIGN' })
  })
})
