/** Text and pictures made by the page, saved as files. A CSV cell never starts a formula in a spreadsheet. */

export function saveText(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  saveUrl(name, url)
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export function saveUrl(name: string, url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name.replace(/[^\w.-]+/g, '_')
  link.click()
}

export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return `${rows.map(row => row.map(cell).join(',')).join('\n')}\n`
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe =
    /^[=+\-@\t\r]/.test(value) && !/^-?[\d.]+(e[+-]?\d+)?$/i.test(value) && value !== '-.inf' ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
