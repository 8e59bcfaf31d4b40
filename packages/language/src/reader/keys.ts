/** The keys of an experiment, with a line for whoever hovers or completes. The reader takes exactly these. */

export interface ExperimentKey {
  readonly key: string
  readonly description: string
  /** The values that it takes, where there are few. */
  readonly values?: readonly string[]
  /** Keys of the map that it takes; `blocks` = block ids. */
  readonly parts?: readonly string[] | 'blocks'
}

const YES_NO = ['true', 'false']

export const EXPERIMENT_KEYS: readonly ExperimentKey[] = [
  { key: 'name', description: 'Letters, digits, - and _; the output folder is called output__<name>.' },
  {
    key: 'pipeline',
    description: 'The blocks, in an order in which each links to earlier ones: `id: !Component {...}`.',
  },
  {
    key: 'resources',
    description:
      'Files and folders, `name: location`: a path beside this file, http(s)://, s3:// (with #sha256=... its content is compared), !cluster path.',
  },
  { key: 'search', description: 'A search algorithm for a block: `block: !TPE {n_trials: 50}`.', parts: 'blocks' },
  {
    key: 'schedulers',
    description: 'A scheduler that stops or pauses trials of a block: `block: !ASHA`.',
    parts: 'blocks',
  },
  {
    key: 'reduce',
    description: 'How many trials of a block the later blocks build on: `block: 1` or `block: {k: 1, mode: min}`.',
    parts: 'blocks',
  },
  { key: 'devices', description: 'What a trial takes: `{cpu: 1, gpu: 0.5}`, or that for each block.', parts: 'blocks' },
  {
    key: 'max_failures',
    description: 'A trial gets 1 + max_failures attempts, each from its last checkpoint. Default 1.',
  },
  {
    key: 'stop_on_failure',
    description: 'After a block with a failed trial nothing new starts. Default true.',
    values: YES_NO,
  },
  {
    key: 'overlap',
    description:
      'blocks: independent blocks run side by side. none: one block after the other. trials: a trial starts when its own upstream trials are done.',
    values: ['blocks', 'none', 'trials'],
  },
  { key: 'max_trials', description: 'The most variants that the whole experiment may have. Default 10,000.' },
  { key: 'seed', description: 'Of every random draw. Drawn and recorded when absent.' },
  {
    key: 'budget',
    description:
      'When nothing new starts: `{trials: 100, hours: 8}`; a search ends after `patience` trials in a row that were no better, or when the ten best lie within a standard deviation of `plateau`.',
    parts: ['trials', 'hours', 'patience', 'plateau'],
  },
  {
    key: 'backend',
    description: 'What TensorFlow.js runs on; auto takes the best that the agent has.',
    values: ['auto', 'tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu'],
  },
  {
    key: 'checkpoint',
    description: 'How often a running trial saves, and how many are kept: `{every: 30 seconds, keep: 2}`.',
    parts: ['every', 'keep'],
  },
  {
    key: 'resume',
    description: 'Take finished trials of the earlier run: a block (with all before it), a list of blocks, or true.',
  },
  {
    key: 'reuse',
    description: 'Take finished trials of other experiments that are the same. Needs a seed.',
    values: YES_NO,
  },
  { key: 'save_path', description: 'Where `flambe run` writes its output folder. Default ./flambe-output.' },
  { key: 'merge_plot', description: 'All blocks log under the same plot names. Default true.', values: YES_NO },
  { key: 'notes', description: 'Text for the page of the experiment.' },
  { key: 'tags', description: 'Words to find the experiment by: `[baseline, mnist]`.' },
]
