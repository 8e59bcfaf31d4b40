/** Every scenario by name, for run.ts. */
import type { Scenario } from './experiment.ts'
import { failpoints } from './failpoints.ts'
import { agentRestart, agentStopped, agentUpgrade, hubAway, hubStopped, twoHubs } from './fixed.ts'
import { crowd, malformed, oversize, slowConsumer } from './load.ts'
import { agentLost, checkpoints, failingMachine } from './machines.ts'
import { random } from './random.ts'

export const scenarios: { readonly [name: string]: Scenario } = {
  random,
  failpoints,
  'hub-away': hubAway,
  'agent-restart': agentRestart,
  'agent-upgrade': agentUpgrade,
  'agent-lost': agentLost,
  'failing-machine': failingMachine,
  checkpoints,
  'hub-stopped': hubStopped,
  'agent-stopped': agentStopped,
  'two-hubs-one-folder': twoHubs,
  'malformed-flood': malformed,
  oversize,
  crowd,
  'slow-consumer': slowConsumer,
}

/** The short form runs these at once: each for itself, all within two to three minutes on two cores. */
export const SHORT: readonly (readonly string[])[] = [
  ['random', 'hub-stopped', 'agent-stopped', 'agent-restart', 'two-hubs-one-folder', 'failing-machine', 'agent-lost'],
  ['failpoints', 'crowd', 'hub-away', 'oversize', 'malformed-flood', 'slow-consumer', 'checkpoints', 'agent-upgrade'],
]
