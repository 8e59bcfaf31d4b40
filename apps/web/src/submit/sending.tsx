/** How far an upload is: every byte is read once and sent once. */
import { bytesText } from '../format/number.ts'
import type { Picked } from './upload.ts'

export function Sending({ picked, done }: { readonly picked: Picked; readonly done: number }) {
  const share = (100 * done) / Math.max(1, 2 * picked.bytes)
  return (
    <div className="mt-1.5">
      <div className="h-1 overflow-hidden rounded-full bg-line">
        <div className="h-full bg-[var(--state-running)]" style={{ width: `${share}%` }} />
      </div>
      <p className="nums mt-1 text-faint">
        {picked.name}: {Math.round(share)} % of {bytesText(picked.bytes)}
      </p>
    </div>
  )
}
