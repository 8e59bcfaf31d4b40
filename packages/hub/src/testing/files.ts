/** Small experiment files for tests. Their components never run: the fake agent plays them. */

/** Two trials in `a`, the better one goes on to the two of `b`. */
export const SMALL = `!Experiment
name: small
seed: 7
pipeline:
  a: !Adam
    lr: !g [0.1, 0.2]
  b: !SGD
    lr: !@ a.lr
    momentum: !g [0.5, 0.9]
reduce: {a: {k: 1, mode: max}}
`

export const named = (name: string): string => SMALL.replace('name: small', `name: ${name}`)

/** Catalogue entry of an extension's component with the one keyword `steps`, as its description gives it. */
export const extensionEntry = (tag: string) => ({
  tag,
  description: '',
  params: [{ name: 'steps', required: true, description: '' }],
  open: false,
  factories: {},
  attributes: null,
  callable: [],
  lower_is_better: true,
  kinds: ['Component'],
})
