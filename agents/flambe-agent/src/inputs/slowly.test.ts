import { expect, it } from 'vitest'
import { slowly } from './slowly.ts'

it('tells what is under way for long, and nothing of what is done at once or fails at once', async () => {
  const told: string[] = []
  const tell = (words: string) => void told.push(words)
  let done = (_: string) => {}
  const long = new Promise<string>(resolve => (done = resolve))
  const waited = slowly('installing the extension blocks', tell, long, 1)
  expect(await slowly('at once', tell, Promise.resolve('there'), 60_000)).toBe('there')
  await expect(slowly('broken', tell, Promise.reject(new Error('no npm')), 60_000)).rejects.toThrow('no npm')
  while (told.length === 0) await new Promise(resolve => setTimeout(resolve, 1))
  done('path')
  expect(await waited).toBe('path')
  expect(told).toEqual(['installing the extension blocks'])
})
