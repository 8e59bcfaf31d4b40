/** The file of secrets: sections become names of variables; a problem never names a value (S10). */
import { expect, it } from 'vitest'
import { readSecrets } from './secrets.ts'

it('reads sections, keys, comments and values with every sign in them', () => {
  const text = `; of this machine\ntop = 12345678\n[aws]\r\naccess-key = AKIA=1:2;3#4\n# no\n[My Service]\ntoken: "quoted one"\n`
  expect(readSecrets(text)).toEqual({
    values: { TOP: '12345678', AWS_ACCESS_KEY: 'AKIA=1:2;3#4', MY_SERVICE_TOKEN: '"quoted one"' },
    problems: [],
  })
})

it('S10: says all that is wrong by line and name, never by value, and gives nothing then', () => {
  const text = 'a = short\nhush\n[NODE]\noptions = hush-hush-hush\n[x]\nb = hush-hush-hush\nb = hush-hush-hush\n'
  const { values, problems } = readSecrets(text)
  expect(values).toEqual({})
  expect(problems).toEqual([
    'line 1: A is shorter than 8 characters, so it could not be masked',
    'line 2: is neither `[SECTION]` nor `key = value`',
    'line 4: NODE_OPTIONS cannot be a secret: trials need their own',
    'line 7: X_B stands here twice',
  ])
})
