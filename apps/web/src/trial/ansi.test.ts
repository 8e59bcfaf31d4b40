import { expect, it } from 'vitest'
import { bareText } from '../format/plain.ts'
import { ansiLine, PLAIN, styleAfter } from './ansi.ts'

const ESC = '\u001b'
const spans = (line: string) => ansiLine(line, PLAIN).spans.map(({ text, style }) => [text, style.fg, style.bold])

it('turns colours into spans of text', () => {
  expect(spans(`a ${ESC}[1;31mred${ESC}[0m b`)).toEqual([
    ['a ', null, false],
    ['red', 'var(--ansi-1)', true],
    [' b', null, false],
  ])
  expect(spans(`${ESC}[38;5;196mx${ESC}[38;2;1;2;300my`)).toEqual([
    ['x', 'rgb(255, 0, 0)', false],
    ['y', 'rgb(1, 2, 255)', false],
  ])
})

it('leaves markup as the text that it is (S6)', () => {
  expect(spans('<img src=x onerror=alert(1)>')).toEqual([['<img src=x onerror=alert(1)>', null, false]])
})

it('drops links, titles, cursor movements and control characters', () => {
  expect(
    bareText(`${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\ ${ESC}[2K${ESC}[1Aup${ESC}]0;title\u0007\u0000!`),
  ).toBe('link up!')
})

it('shows the last writing of a progress bar', () => {
  expect(bareText('10 %\r50 %\r100 %\r')).toBe('100 %')
})

it('carries a style over line ends', () => {
  const after = styleAfter(`${ESC}[32mgreen`, PLAIN)
  expect(ansiLine('still', after).spans[0]?.style.fg).toBe('var(--ansi-2)')
  expect(styleAfter('plain', PLAIN)).toBe(PLAIN)
})

it('survives broken sequences', () => {
  expect(bareText(`${ESC}[38;5mx${ESC}[`)).toContain('x')
  expect(spans(`${ESC}[;;999mx`)).toEqual([['x', null, false]])
})
