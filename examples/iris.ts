/**
 * iris.yaml in TypeScript: the same plan, checked and run the same way. Node 24 runs it as it stands, after `npm start` or
 * `pnpm build` once: node examples/iris.ts [--force]. Seconds on two cores.
 */
import { fileURLToPath } from 'node:url'
import { c, Experiment, g, link } from '../packages/flambe/src/index.ts'

const dataset = c('TabularDataset.autogen', {
  data_path: link('flowers'),
  seed: 5,
  transform: {
    measures: {
      field: c('NumericField'),
      columns: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'],
    },
    species: { field: c('LabelField'), columns: 'species' },
  },
})

const train = c('Trainer', {
  dataset: link('dataset'),
  train_sampler: c('BaseSampler', { batch_size: 16 }),
  model: c('TabularClassifier', {
    encoder: c('MLPEncoder', {
      input_size: link('dataset.measures.size'),
      output_size: g([8, 16]),
      output_activation: 'relu',
    }),
    output_layer: c('SoftmaxLayer', {
      input_size: link('train[model][encoder].output_size'),
      output_size: link('dataset.species.vocab_size'),
    }),
  }),
  loss_fn: c('NLLLoss'),
  metric_fn: c('Accuracy'),
  optimizer: c('Adam', { lr: g([0.01, 0.03]) }),
  max_steps: 20,
})

const evaluate = c('Evaluator', { dataset: link('dataset'), model: link('train.model'), metric_fn: c('Accuracy') })

export const iris = new Experiment({
  name: 'iris',
  seed: 3,
  resources: { flowers: fileURLToPath(new URL('data/iris.csv', import.meta.url)) },
  pipeline: { dataset, train, evaluate },
  reduce: { train: 1 },
})

if (process.argv[1] === fileURLToPath(import.meta.url)) await iris.run({ force: process.argv.includes('--force') })
