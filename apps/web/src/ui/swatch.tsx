/** A trial's colour beside its name: the same on every screen, of its number alone. */
import { trialColor } from '../chart/color.ts'

export function Swatch({ number }: { readonly number: number }) {
  return <span aria-hidden className="h-3 w-1 shrink-0 rounded-full" style={{ background: trialColor(number) }} />
}
