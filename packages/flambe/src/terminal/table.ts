/** The one look of tables in the terminal: no frames, a dim head. */
import type { TableConstructorOptions } from 'cli-table3'
import pc from 'picocolors'

const NONE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

export const plainTable = (head: readonly string[]): TableConstructorOptions => ({
  head: head.map(h => pc.dim(h)),
  chars: NONE,
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
})
