/**
 * The grammar of links: `root`, then `[key]` steps, then `.attribute` steps, nothing else. Called by `convert` for
 * `!@`, `!link`, `!Link` and `!call`. It does not know which blocks exist.
 *
 *     link      = root *( "[" key "]" ) *( "." attribute )
 *     root      = letter or digit, then letters, digits, "_" or "-"
 *     key       = any text without "[" and "]"
 *     attribute = any text without ".", "[", "]" and blanks
 */
interface LinkText {
  readonly root: string
  readonly keys: readonly string[]
  readonly attributes: readonly string[]
}

/** The parts of a link, or what is wrong with it. */
export function parseLink(text: string): LinkText | string {
  if (text === '') return 'a link needs the name of a block or of a resource'
  if (text !== text.trim()) return 'a link has no blanks around it'
  const root = /^[A-Za-z0-9][A-Za-z0-9_-]*/.exec(text)?.[0]
  if (root === undefined) return 'a link starts with the name of a block or of a resource'
  const keys: string[] = []
  let at = root.length
  while (text[at] === '[') {
    const close = text.indexOf(']', at)
    if (close === -1) return 'a bracket is not closed'
    const key = text.slice(at + 1, close)
    if (key === '') return 'a bracket is empty'
    if (key.includes('[')) return 'a bracket stands inside a bracket'
    keys.push(key)
    at = close + 1
  }
  const attributes: string[] = []
  while (text[at] === '.') {
    const name = /^[^.[\]\s]*/.exec(text.slice(at + 1))?.[0] ?? ''
    if (name === '') return 'a name is missing after the dot'
    attributes.push(name)
    at += 1 + name.length
  }
  if (at === text.length) return { root, keys, attributes }
  if (text[at] === ']') return 'a bracket is closed that was not opened'
  if (text[at] === '[') return 'brackets stand before the attributes'
  if (keys.length > 0 && attributes.length === 0)
    return `after the brackets only a dot may follow, not \`${text.slice(at)}\``
  return `\`${text.slice(at)}\` does not belong into a link`
}
