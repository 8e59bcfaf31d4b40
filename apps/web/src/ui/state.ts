/**
 * Every state of experiments, blocks, trials, attempts and agents: its word, icon and colour token, in the order of a bar.
 * State is never colour alone.
 */
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleX,
  EyeOff,
  Hourglass,
  type LucideIcon,
  PackageOpen,
  Scissors,
  Square,
  Unplug,
} from 'lucide-react'
import type { AgentView, AttemptView, BlockView, ExperimentSummary, TrialView } from '../api/views.ts'

export type AnyState =
  | ExperimentSummary['state']
  | BlockView['state']
  | TrialView['state']
  | AttemptView['state']
  | AgentView['state']

export interface StateLook {
  readonly word: string
  readonly icon: LucideIcon
  /** A CSS colour. */
  readonly color: string
  readonly meaning: string
}

const color = (name: string) => `var(--state-${name})`

export const STATES: { readonly [S in AnyState]: StateLook } = {
  success: { word: 'success', icon: CircleCheck, color: color('success'), meaning: 'ended well' },
  pruned: {
    word: 'pruned',
    icon: Scissors,
    color: color('pruned'),
    meaning: 'stopped by a scheduler; counts as success',
  },
  running: { word: 'running', icon: CircleDot, color: color('running'), meaning: 'training now' },
  stopping: { word: 'stopping', icon: Square, color: color('stopping'), meaning: 'asked to pause or end' },
  preparing: {
    word: 'preparing',
    icon: PackageOpen,
    color: color('preparing'),
    meaning: 'the agent fetches inputs and starts the process',
  },
  unreachable: {
    word: 'unreachable',
    icon: Unplug,
    color: color('unreachable'),
    meaning: 'its agent is out of contact; it may still train',
  },
  queued: { word: 'queued', icon: Hourglass, color: color('queued'), meaning: 'waits for a slot' },
  paused: { word: 'paused', icon: CirclePause, color: color('paused'), meaning: 'keeps its checkpoint, holds no slot' },
  pending: { word: 'pending', icon: CircleDashed, color: color('pending'), meaning: 'waits for what comes before it' },
  failure: { word: 'failure', icon: CircleX, color: color('failure'), meaning: 'failed' },
  cancelled: { word: 'cancelled', icon: Ban, color: color('cancelled'), meaning: 'ended by a person' },
  masked: {
    word: 'masked',
    icon: EyeOff,
    color: color('masked'),
    meaning: 'not run: an ancestor was not kept by reduce, or failed',
  },
  assigned: { word: 'assigned', icon: PackageOpen, color: color('preparing'), meaning: 'given to an agent' },
  done: { word: 'done', icon: CircleCheck, color: color('success'), meaning: 'ended by itself' },
  stopped: { word: 'stopped', icon: Square, color: color('cancelled'), meaning: 'ended because it was asked to' },
  failed: { word: 'failed', icon: CircleX, color: color('failure'), meaning: 'failed' },
  lost: { word: 'lost', icon: Unplug, color: color('unreachable'), meaning: 'out of contact for too long' },
  fenced: { word: 'fenced', icon: Ban, color: color('cancelled'), meaning: 'a newer attempt took over' },
  connected: { word: 'connected', icon: CircleCheck, color: color('success'), meaning: 'in contact' },
  suspect: { word: 'suspect', icon: Hourglass, color: color('queued'), meaning: 'a heartbeat is missing' },
  disconnected: {
    word: 'disconnected',
    icon: Unplug,
    color: color('unreachable'),
    meaning: 'out of contact; its trials keep their lease for a while',
  },
}

/** Order of the segments in a bar of trials: what is done at the left, what waits at the right. */
export const BAR_ORDER: readonly TrialView['state'][] = [
  'success',
  'pruned',
  'failure',
  'cancelled',
  'running',
  'stopping',
  'preparing',
  'unreachable',
  'paused',
  'queued',
  'pending',
  'masked',
]

export const TRIAL_STATES: readonly TrialView['state'][] = [
  'running',
  'preparing',
  'stopping',
  'unreachable',
  'queued',
  'pending',
  'paused',
  'success',
  'pruned',
  'failure',
  'cancelled',
  'masked',
]

const ENDED: ReadonlySet<AnyState> = new Set(['success', 'pruned', 'failure', 'cancelled', 'masked'])

export function isEnded(state: AnyState): boolean {
  return ENDED.has(state)
}
