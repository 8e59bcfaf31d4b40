/**
 * The file of `--secrets`: INI sections, read by the agent that gives them to its trials and by the command that starts it. A hub
 * never sees one (S10). `[AWS]` with `key = x` becomes the variable AWS_KEY. Pure; never names a value in a problem.
 */
export interface Secrets {
  /** By the name of their environment variable. */
  readonly values: { readonly [variable: string]: string }
  /** What is wrong, with its line; then nothing is to be used. */
  readonly problems: readonly string[]
}

/** Shorter ones cannot be told from other words, so they could not be masked. */
const SHORTEST = 8
const LONGEST = 4_096
/** What a trial process itself stands on. */
const RESERVED = /^(PATH|HOME|USER|SHELL|PWD|FLAMBE_.*|NODE_.*|LD_.*|DYLD_.*)$/

export function readSecrets(text: string): Secrets {
  const values = new Map<string, string>()
  const problems: string[] = []
  let section = ''
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const wrong = (why: string) => problems.push(`line ${at + 1}: ${why}`)
    const head = /^\[([^[\]]+)\]$/.exec(line)?.[1]
    if (head !== undefined) {
      section = variable(head)
      continue
    }
    const [, key = '', value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? []
    const name = [section, variable(key)].filter(part => part !== '').join('_')
    if (key === '') wrong('is neither `[SECTION]` nor `key = value`')
    else if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) wrong(`${name} is no name of a variable`)
    else if (RESERVED.test(name)) wrong(`${name} cannot be a secret: trials need their own`)
    else if (values.has(name)) wrong(`${name} stands here twice`)
    else if (value.length < SHORTEST) wrong(`${name} is shorter than ${SHORTEST} characters, so it could not be masked`)
    else if (value.length > LONGEST) wrong(`${name} is longer than ${LONGEST} characters`)
    else values.set(name, value)
  }
  return { values: Object.fromEntries(problems.length > 0 ? [] : values), problems }
}

const variable = (words: string): string =>
  words
    .trim()
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
