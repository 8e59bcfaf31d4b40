/** The language's own tags, with a line for whoever hovers or completes. */

export const LANGUAGE_TAGS: { readonly [tag: string]: { readonly form: string; readonly description: string } } = {
  '!@': {
    form: '!@ block[key].attribute',
    description: 'A link: a value of another place of the pipeline, or the path of a resource.',
  },
  '!call': { form: '!call block.method', description: 'A link whose method is called without arguments.' },
  '!g': { form: '!g [value, value]', description: 'A grid: every value is tried.' },
  '!s': {
    form: '!s [low, high, k, decimals?]',
    description: 'k random draws from a range; whole numbers when both bounds are (high excluded).',
  },
  '!choice': {
    form: '!choice [value, value]',
    description: 'For a search algorithm: one of these. Components may bring options of their own.',
  },
  '!uniform': { form: '!uniform [low, high]', description: 'For a search algorithm: a number of the range.' },
  '!quniform': {
    form: '!quniform [low, high, q]',
    description: 'For a search algorithm: low, low + q, low + 2q ... up to high.',
  },
  '!loguniform': {
    form: '!loguniform [low, high]',
    description: 'For a search algorithm: a number whose logarithm is uniform.',
  },
  '!qloguniform': { form: '!qloguniform [low, high, q]', description: 'The same, in steps of q from low.' },
  '!randint': { form: '!randint [low, high]', description: 'For a search algorithm: a whole number, high excluded.' },
  '!lograndint': {
    form: '!lograndint [low, high]',
    description: 'For a search algorithm: a whole number whose logarithm is uniform, high excluded.',
  },
  '!normal': { form: '!normal [mean, deviation]', description: 'For a search algorithm: a normal distribution.' },
  '!qnormal': { form: '!qnormal [mean, deviation, q]', description: 'The same, rounded to multiples of q.' },
  '!cluster': { form: '!cluster path', description: 'A resource that lies on the machines of the agents.' },
  '!Experiment': { form: '!Experiment', description: 'An experiment: a name and a pipeline of blocks.' },
}
