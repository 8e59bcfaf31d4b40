import { expect, it } from 'vitest'
import { plainText } from './plain.ts'

it('keeps the words and lines of a text and drops what only a terminal understands', () => {
  expect(plainText('ended:\n\u001b[31mloss is \u001b[1mNaN\u001b[0m\r\n10%\r90%\n')).toBe('ended:\nloss is NaN\n90%\n')
  expect(plainText('<b>as it is</b>\n')).toBe('<b>as it is</b>\n')
})
