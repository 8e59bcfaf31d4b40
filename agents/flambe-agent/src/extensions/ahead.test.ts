/** Extensions that are installed before a trial needs them: the answer comes at once, whatever npm does. */
import type { Manifest } from '@flambe/protocol'
import { describe, expect, it } from 'vitest'
import { maskOf } from '../delivery/mask.ts'
import { installAhead } from './ahead.ts'

const manifest: Manifest = { kind: 'folder', files: [] }

/** Installs when it is told to. */
function slow() {
  const asked: string[] = []
  const told = { resolve: (_: string) => {}, reject: (_: Error) => {} }
  return {
    asked,
    told,
    install: (name: string) => {
      asked.push(name)
      return new Promise<string>((resolve, reject) => Object.assign(told, { resolve, reject }))
    },
  }
}

describe('an installation ahead', () => {
  it('is told to be under way, once for all who ask, and then done', async () => {
    const extensions = slow()
    const ahead = installAhead(extensions, null, 1)
    const ask = () => ahead.install({ extensions: { ext: manifest } })
    expect([await ask(), await ask()].map(one => one.state)).toEqual(['installing', 'installing'])
    extensions.told.resolve('/somewhere')
    expect(await ask()).toEqual({ state: 'installed', detail: '' })
    expect(extensions.asked).toEqual(['ext'])
  })

  it('tells why it failed, and is tried again when asked again', async () => {
    const extensions = slow()
    const ahead = installAhead(extensions, null, 1)
    const ask = () => ahead.install({ extensions: { ext: manifest } })
    expect((await ask()).state).toBe('installing')
    extensions.told.reject(new Error('npm could not install it'))
    expect(await ask()).toEqual({ state: 'failed', detail: 'npm could not install it' })
    expect((await ask()).state).toBe('installing')
    expect(extensions.asked).toEqual(['ext', 'ext'])
  })

  it('S10: tells why it failed without secrets', async () => {
    const extensions = slow()
    const ahead = installAhead(extensions, maskOf(['hush-hush']), 1)
    const ask = () => ahead.install({ extensions: { ext: manifest } })
    await ask()
    extensions.told.reject(new Error('npm says hush-hush'))
    expect(await ask()).toEqual({ state: 'failed', detail: 'npm says *********' })
  })
})
