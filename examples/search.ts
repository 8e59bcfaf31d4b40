/**
 * A search with a scheduler in TypeScript: TPE proposes 12 trainings of the script of script.yaml, ASHA stops those that are
 * behind, the best one is tested. Node 24 runs it as it stands, after `npm start` or `pnpm build` once:
 * node examples/search.ts [--force]. Needs python3; done in seconds.
 */
import { fileURLToPath } from 'node:url'
import { c, choice, Experiment, link, loguniform } from '../packages/flambe/src/index.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const train = c('Script', {
  script: here('script.py'),
  args: ['train'],
  kwargs: {
    data: link('flowers'),
    lr: loguniform(0.001, 1),
    l2: choice([0, 0.01, 0.03]),
    epochs: 27,
  },
  metric: 'val_loss', // reported after every epoch: one step each
  mode: 'min',
})

const test = c('Script', {
  script: here('script.py'),
  args: ['test'],
  kwargs: { data: link('flowers'), model: link('train.files') },
  metric: 'accuracy',
})

export const search = new Experiment({
  name: 'search',
  seed: 5,
  resources: { flowers: here('data/iris.csv') },
  pipeline: { train, test },
  search: { train: c('TPE', { n_trials: 12 }) },
  schedulers: { train: c('ASHA', { max_t: 27, grace: 3 }) },
  reduce: { train: 1 },
})

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { plan } = await search.parse()
  for (const { id, tag, count, search: by } of plan.blocks)
    console.log(`${id}: !${tag}, ${count} variants${by === null ? '' : ` proposed by !${by.tag}`}`)
  await search.run({ force: process.argv.includes('--force') })
}
