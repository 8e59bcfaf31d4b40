// What a rule does that never pauses a trial and keeps nothing of those that ended.

import type { Json } from '../json.ts'

export const unmoved = {
  ended: <State extends Json>(state: State) => ({ state }),
  next: <State extends Json>(state: State) => ({ state, trial: null }),
}
