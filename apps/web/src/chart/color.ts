/**
 * Same trial, same colour, on every screen: ten hues by trial number; dashes where two of one hue meet in a chart. Canvas needs
 * computed colours, which `resolveColor` reads from the page, so that the tokens stay in one place.
 */
const HUES = 10
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [9, 3, 2, 3]]

/** A CSS colour for the page; trial numbers count from 1. */
export function trialColor(number: number): string {
  return `var(--trial-${(Math.max(1, number) - 1) % HUES})`
}

/**
 * Canvas line dashes of trials shown together, in the same order: solid, except where another trial with a smaller number has
 * the same hue; then the next dash.
 */
export function trialDashes(numbers: readonly number[]): readonly (readonly number[])[] {
  return numbers.map(number => {
    const alike = numbers.filter(other => other < number && trialColor(other) === trialColor(number)).length
    return DASHES[alike % DASHES.length] ?? []
  })
}

export type Look = 'light' | 'dark'
const resolved = new Map<string, string>()

/** What a CSS colour of the page is in its present look, as `rgb(...)`. Asked of the browser once for each colour and look. */
export function resolveColor(color: string, look: Look): string {
  const key = `${look} ${color}`
  const known = resolved.get(key)
  if (known !== undefined) return known
  const probe = document.createElement('span')
  probe.style.color = color
  document.body.append(probe)
  const value = getComputedStyle(probe).color
  probe.remove()
  resolved.set(key, value)
  return value
}

/** The same colour, thinner. Knows what `resolveColor` gives: `rgb(r, g, b)`, or any other form through color-mix. */
export function withAlpha(color: string, alpha: number): string {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(color)
  if (parts) return `rgba(${parts[1]}, ${parts[2]}, ${parts[3]}, ${alpha})`
  return `color-mix(in srgb, ${color} ${alpha * 100}%, transparent)`
}
