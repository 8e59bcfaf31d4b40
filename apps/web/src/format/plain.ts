/** Text of programs without what only a terminal understands: colours, cursor moves, progress bars that wrote a line again. */

// CSI, OSC (ended by BEL or ST), and two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters
export const ESCAPE = /\u001b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would not print
export const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f]/g

/** One line as plain text. */
export function bareText(line: string): string {
  return afterReturn(line).replace(ESCAPE, '').replace(UNPRINTABLE, '')
}

/** A whole text, line by line: reasons, messages, stacks. */
export function plainText(text: string): string {
  return text.includes('\u001b') || text.includes('\r') ? text.split('\n').map(bareText).join('\n') : text
}

/** A progress bar writes its line again after a carriage return: the last writing counts. */
export function afterReturn(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line
  const cut = text.lastIndexOf('\r')
  return cut < 0 ? text : text.slice(cut + 1)
}
