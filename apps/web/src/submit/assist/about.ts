/** What the language says of a place, as elements: a title, sentences, and keywords with their types. Text stays text (S6). */

/** A line `- \`name\` type: description` of the language's answer. */
const KEYWORD = /^- `([^`]+)` ([^:]*)(?:: (.*))?$/

export function about(title: string, text: string): HTMLElement {
  const box = element('div', 'cm-flambe-about', '')
  if (title !== '') box.append(element('div', 'cm-flambe-about-title', title))
  let list: HTMLElement | null = null
  for (const line of text.split('\n')) {
    const keyword = KEYWORD.exec(line)
    if (keyword === null) {
      list = null
      const plain = line.trim().replaceAll('`', '')
      if (plain !== '') box.append(element('p', '', plain))
      continue
    }
    if (list === null) {
      list = element('dl', '', '')
      box.append(list)
    }
    const [, name = '', type = '', description = ''] = keyword
    const term = element('dt', '', name)
    term.append(element('span', 'cm-flambe-about-type', type))
    list.append(term, element('dd', '', description.replaceAll('`', '')))
  }
  return box
}

function element(name: 'div' | 'p' | 'dl' | 'dt' | 'dd' | 'span', className: string, text: string): HTMLElement {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.textContent = text
  return made
}
