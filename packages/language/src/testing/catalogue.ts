/** A small catalogue for the tests of this package: every feature of the contract, no real component. */
import type { Catalogue, CatalogueEntry, CatalogueParam } from '../catalogue.ts'

const param = (name: string, more: Partial<CatalogueParam> = {}): CatalogueParam => ({
  name,
  required: false,
  description: '',
  ...more,
})

const entry = (tag: string, more: Partial<CatalogueEntry>): CatalogueEntry => ({
  tag,
  description: '',
  params: [],
  open: false,
  factories: {},
  attributes: null,
  callable: [],
  lower_is_better: null,
  kinds: ['Component'],
  ...more,
})

const whole = { schema: { type: 'integer', minimum: 1 } } as const
const share = { schema: { type: 'number', minimum: 0, exclusiveMaximum: 1 } } as const

const ENTRIES: readonly CatalogueEntry[] = [
  entry('Data', {
    params: [param('path', { required: true, schema: { type: 'string' } }), param('split', share)],
    attributes: ['rows', 'label', 'train'],
    callable: ['size'],
    kinds: ['Dataset', 'Component'],
    factories: { autogen: { description: '', params: [param('rows', { required: true, ...whole })], open: false } },
  }),
  entry('Model', {
    params: [
      param('width', whole),
      param('depth', whole),
      param('encoder', { component: 'Encoder' }),
      param('layers', { component: 'Encoder', schema: { type: 'array' } }),
      param('activation', { schema: { enum: ['relu', 'tanh', 'sigmoid'] } }),
      param('dropout', { schema: { type: ['number', 'null'], minimum: 0, maximum: 1 } }),
      param('bias', { schema: { type: 'boolean' } }),
      param('name', { schema: { type: 'string' } }),
      param('rate', { schema: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { enum: ['auto'] }] } }),
      param('sizes', { schema: { type: 'array', items: { type: 'integer' } } }),
      param('labels', {}),
      param('extra', { schema: { type: 'object' } }),
      param('input', {}),
    ],
    attributes: ['weights', 'encoder'],
    callable: ['export'],
    lower_is_better: false,
    kinds: ['Module', 'Component'],
  }),
  entry('Enc', {
    params: [param('width', whole), param('size', whole), param('from', {})],
    kinds: ['Encoder', 'Component'],
    attributes: '*',
  }),
  entry('OtherEnc', { params: [param('size', whole)], kinds: ['Encoder', 'Component'], attributes: [] }),
  entry('Train', {
    params: [
      param('data', { component: 'Dataset', required: true }),
      param('model', { component: 'Module', required: true }),
      param('lr', { schema: { type: 'number', exclusiveMinimum: 0 } }),
      param('max_steps', whole),
      param('lower_is_better', { schema: { type: 'boolean' }, default: false }),
    ],
    attributes: ['model', 'step'],
    lower_is_better: false,
    kinds: ['Trainer', 'Component'],
  }),
  entry('Script', {
    params: [
      param('script', { required: true, path: 'shipped', schema: { type: 'string' } }),
      param('code', { path: 'shipped', schema: { type: 'string' } }),
      param('args', { schema: { type: 'array' } }),
      param('kwargs', { schema: { type: 'object' } }),
      param('metric', { description: 'Which reported value ranks the trial.', schema: { type: 'string' } }),
      param('mode', { schema: { enum: ['min', 'max'] }, default: 'max' }),
    ],
    kinds: ['Component'],
  }),
  entry('Both', {
    params: [
      param('script', { description: 'A file.', schema: { type: 'string' } }),
      param('command', { schema: { type: 'array' } }),
    ],
    one_of: [['script', 'command']],
  }),
  entry('TPE', {
    params: [
      param('n_trials', whole),
      param('seed', { schema: { type: 'integer' } }),
      param('initial', { schema: { type: 'array' } }),
      param('max_concurrent', whole),
      param('mode', {}),
      param('metric', {}),
    ],
    kinds: ['SearchAlgorithm'],
  }),
  entry('NSGA2', { params: [param('n_trials', whole), param('metric', {})], kinds: ['SearchAlgorithm'] }),
  entry('Grid', { params: [param('n_trials', whole)], kinds: ['SearchAlgorithm'] }),
  entry('ray.HyperOptSearch', { params: [param('n_trials', whole)], kinds: ['SearchAlgorithm'], alias_of: 'TPE' }),
  entry('ASHA', {
    params: [param('max_t', whole), param('direction', {}), param('mode', { schema: { enum: ['stop', 'promote'] } })],
    kinds: ['Scheduler'],
  }),
  entry('Patience', {
    params: [param('of', { component: 'Scheduler' }), param('patience', whole)],
    kinds: ['Scheduler'],
  }),
  entry('Any', { open: true, attributes: '*', lower_is_better: false }),
  entry('Loss', { lower_is_better: true, open: true, attributes: [] }),
]

export const TEST_CATALOGUE: Catalogue = {
  components: Object.fromEntries(ENTRIES.map(component => [component.tag, component])),
}
