import { afterEach, expect, test, vi } from 'vitest'
import { argumentsFor, commandFor } from './command.ts'
import { lines, parseReport, splitter } from './reports.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const feed = (chunks: readonly string[]) => {
  const reports: string[] = []
  const passed: string[] = []
  const split = splitter(
    line => reports.push(line),
    text => passed.push(text),
  )
  for (const chunk of chunks) split.push(Buffer.from(chunk))
  const early = passed.join('')
  split.end()
  return { reports, passed: passed.join(''), early }
}

test('lines that start with ::flambe are reports, wherever the chunks are cut; the rest is passed on', () => {
  const text = 'before\n::flambe {"step":1}\nnot ::flambe here\n::flambe {"step":2}\nafter'
  const whole = { reports: ['{"step":1}', '{"step":2}'], passed: 'before\nnot ::flambe here\nafter' }
  expect(feed([text])).toMatchObject(whole)
  expect(feed([...text])).toMatchObject(whole)
})

test('a progress bar is passed on before its line ends; what may become a report is held back', () => {
  expect(feed(['10 %\r20 %\r']).early).toBe('10 %\r20 %\r')
  expect(feed(['::fla']).early).toBe('')
  expect(feed(['::fla']).passed).toBe('::fla')
  expect(feed(['é'.repeat(3)]).passed).toBe('ééé')
})

test('a character that is cut in two comes out whole', () => {
  const bytes = Buffer.from('é\n')
  const found: string[] = []
  const split = lines(line => found.push(line))
  split.push(bytes.subarray(0, 1))
  split.push(bytes.subarray(1))
  expect(found).toEqual(['é'])
})

test('numbers that are not finite are read in every spelling', () => {
  expect(parseReport('{"step": 1, "metrics": {"a": NaN, "b": -Infinity, "c": ".inf", "d": 1}}')?.metrics).toEqual({
    a: Number.NaN,
    b: Number.NEGATIVE_INFINITY,
    c: Number.POSITIVE_INFINITY,
    d: 1,
  })
})

test('a line that is no report is a warning, not an error', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  expect(parseReport('{"metrics": {"a": "high"}}')).toBeNull()
  expect(parseReport('{')).toBeNull()
  expect(warn).toHaveBeenCalledTimes(2)
})

test('arguments become text in the language of the program', () => {
  const kwargs = { lr: 0.00001, on: true, off: false, none: null, list: [1, 'a'], nan: Number.NaN, text: 'a b' }
  const words = (python: boolean) => argumentsFor(['go', 3, true], kwargs, python).join(' ')
  expect(words(true)).toBe('go 3 True --lr 0.00001 --on True --off False --list [1,"a"] --nan nan --text a b')
  expect(words(false)).toBe('go 3 true --lr 0.00001 --on true --off false --list [1,"a"] --nan nan --text a b')
})

test('the interpreter follows the extension; a command is taken as it is', () => {
  expect(commandFor('/x/a.py', undefined)).toEqual({ program: 'python3', args: ['/x/a.py'], python: true })
  expect(commandFor('/x/a.mjs', undefined)).toMatchObject({ program: process.execPath, args: ['/x/a.mjs'] })
  expect(commandFor('/x/a.sh', undefined)).toMatchObject({ program: 'bash' })
  expect(commandFor('/x/a', undefined)).toMatchObject({ program: '/x/a', args: [] })
  expect(commandFor(undefined, ['torchrun', 'a.py'])).toEqual({ program: 'torchrun', args: ['a.py'], python: true })
  expect(() => commandFor(undefined, undefined)).toThrow('needs "script" or "command"')
})
