/**
 * What the engine wants done. Committed to the outbox together with the rows, then performed by the hub until the agent
 * has acknowledged; performing one twice must be harmless, so each names its attempt and thereby its epoch.
 */
export type Action =
  /** Send the attempt to its agent. The hub adds what the spec needs (configuration, inputs, resources). */
  | { readonly type: 'assign'; readonly agent: string; readonly attempt: string }
  /** `pause`: checkpoint after the running step, exit paused. `stop`: checkpoint, exit stopped. `kill`: end it now. */
  | { readonly type: 'end'; readonly agent: string; readonly attempt: string; readonly how: 'pause' | 'stop' | 'kill' }
  /** The hub has taken everything of this attempt: the agent may delete its folder. */
  | { readonly type: 'forget'; readonly agent: string; readonly attempt: string }
