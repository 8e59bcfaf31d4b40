/**
 * Every rule that the language can report: its family, its name, one line of explanation. docs/problems.md is held to
 * this list. A rule that is not here cannot be reported: `RuleName` is derived from it.
 */
import type { ProblemCode } from './problem.ts'

export interface Rule {
  readonly code: ProblemCode
  readonly rule: string
  readonly explanation: string
}

export const RULES = [
  // The file
  { code: 'CONFIG', rule: 'yaml-syntax', explanation: 'The text is not valid YAML 1.2.' },
  { code: 'CONFIG', rule: 'yaml-version', explanation: 'A %YAML directive asks for another version than 1.2.' },
  { code: 'CONFIG', rule: 'empty-file', explanation: 'The file, or the document of the experiment, holds nothing.' },
  {
    code: 'CONFIG',
    rule: 'documents',
    explanation: 'A file has one document (the experiment) or two (first the extensions, then the experiment).',
  },
  { code: 'CONFIG', rule: 'experiment-tag', explanation: 'The experiment must be a map with the tag !Experiment.' },
  { code: 'CONFIG', rule: 'duplicate-key', explanation: 'A key stands twice in one map.' },
  {
    code: 'CONFIG',
    rule: 'prototype-key',
    explanation: '`__proto__`, `constructor` and `prototype` are refused as keys and ids, anywhere.',
  },
  { code: 'CONFIG', rule: 'key-type', explanation: 'A key must be a plain text or number, not null, a list or a map.' },
  { code: 'CONFIG', rule: 'merge', explanation: '`<<` merges a map or a component (or a list of them), nothing else.' },
  { code: 'CONFIG', rule: 'unknown-alias', explanation: 'An alias names an anchor that does not stand before it.' },
  { code: 'CONFIG', rule: 'recursive-alias', explanation: 'An alias stands inside the node that it names.' },
  {
    code: 'CONFIG',
    rule: 'big-integer',
    explanation: 'A whole number beyond 2^53 would lose digits; it must be quoted.',
  },
  // Keys of the experiment
  { code: 'CONFIG', rule: 'unknown-key', explanation: 'The experiment, or a part of it, has no such key.' },
  { code: 'CONFIG', rule: 'missing-key', explanation: 'A key that the experiment needs is missing.' },
  { code: 'CONFIG', rule: 'bad-name', explanation: 'Names and ids match [A-Za-z0-9][A-Za-z0-9_-]{0,63}.' },
  { code: 'CONFIG', rule: 'reserved-id', explanation: '`cpu` and `gpu` are no block ids.' },
  { code: 'CONFIG', rule: 'same-name', explanation: 'A resource and a block may not share a name.' },
  { code: 'CONFIG', rule: 'wrong-type', explanation: 'A value is of another type than the key or keyword takes.' },
  { code: 'CONFIG', rule: 'out-of-range', explanation: 'A value is outside of what the key or keyword takes.' },
  { code: 'CONFIG', rule: 'not-a-choice', explanation: 'A value is none of those that the key or keyword takes.' },
  { code: 'CONFIG', rule: 'empty-pipeline', explanation: 'The pipeline has no block.' },
  { code: 'CONFIG', rule: 'block-not-component', explanation: 'A block must be a component, such as !Trainer {...}.' },
  {
    code: 'CONFIG',
    rule: 'look-alike',
    explanation:
      'A text that was most likely meant as something else: a link or an option in quotes, `None`, curly quotes (a warning).',
  },
  // Components
  { code: 'CONFIG', rule: 'unknown-keyword', explanation: 'The component has no such keyword.' },
  { code: 'CONFIG', rule: 'missing-keyword', explanation: 'A keyword that the component needs is missing.' },
  { code: 'CONFIG', rule: 'one-of-keywords', explanation: 'Exactly one of several keywords must be written.' },
  { code: 'CONFIG', rule: 'reserved-keyword', explanation: '`env` and `trial_dir` are set by the system.' },
  { code: 'CONFIG', rule: 'component-expected', explanation: 'The keyword takes a component, not a plain value.' },
  { code: 'CONFIG', rule: 'component-kind', explanation: 'The keyword takes a component of another kind.' },
  {
    code: 'CONFIG',
    rule: 'component-outside-pipeline',
    explanation: 'Components and links have no meaning outside of the pipeline.',
  },
  { code: 'TAG', rule: 'unknown-tag', explanation: 'No component has this tag.' },
  { code: 'TAG', rule: 'unknown-factory', explanation: 'The component has no such factory.' },
  {
    code: 'TAG',
    rule: 'yaml-tag',
    explanation: 'Of YAML’s own tags only str, int, float, bool, null, seq and map work.',
  },
  { code: 'TAG', rule: 'component-arguments', explanation: 'A component takes keywords (a map) or nothing.' },
  // Links
  { code: 'LINK_SYNTAX', rule: 'link-syntax', explanation: 'A link is `block[key][key].attribute.attribute`.' },
  { code: 'LINK_ORDER', rule: 'link-forward', explanation: 'A link names a block that stands later in the pipeline.' },
  { code: 'LINK_ORDER', rule: 'link-parent', explanation: 'A link names a component that it is itself a part of.' },
  { code: 'LINK_ORDER', rule: 'link-later', explanation: 'A link names a part of its own block that stands later.' },
  { code: 'LINK_TARGET', rule: 'link-unknown', explanation: 'A link names neither a block nor a resource.' },
  { code: 'LINK_TARGET', rule: 'link-path', explanation: 'The bracket path of a link leads nowhere.' },
  { code: 'LINK_TARGET', rule: 'link-attribute', explanation: 'The component declares no such attribute.' },
  { code: 'LINK_TARGET', rule: 'link-call', explanation: '!call needs a method that the component declares callable.' },
  { code: 'LINK_TARGET', rule: 'link-resource', explanation: 'A link to a resource is its path; nothing can follow.' },
  {
    code: 'LINK_TARGET',
    rule: 'prototype-name',
    explanation: 'A link may not name `__proto__`, `constructor` or `prototype`.',
  },
  // Options
  { code: 'SPACE', rule: 'grid-list', explanation: '!g takes a list with at least one value.' },
  {
    code: 'SPACE',
    rule: 'grid-equal',
    explanation: 'Two values of a grid are equal, so two trials would be the same.',
  },
  { code: 'SPACE', rule: 'sample-arguments', explanation: '!s takes [low, high, k] or [low, high, k, decimals].' },
  { code: 'SPACE', rule: 'sample-bounds', explanation: 'The bounds of !s are finite numbers with low < high.' },
  { code: 'SPACE', rule: 'sample-count', explanation: 'k is a positive int, at most the number of distinct values.' },
  { code: 'SPACE', rule: 'sample-decimals', explanation: 'The decimals of !s are an int from 0 to 20, for floats.' },
  {
    code: 'SPACE',
    rule: 'sample-under-search',
    explanation: 'Under a search algorithm the k of !s has no effect: the algorithm draws from the range.',
  },
  {
    code: 'SPACE',
    rule: 'distribution-arguments',
    explanation: 'A distribution takes [low, high], some [low, high, q]; !normal [mean, deviation].',
  },
  {
    code: 'SPACE',
    rule: 'distribution-bounds',
    explanation:
      'The bounds of a distribution are finite with low < high, above 0 for logarithms, whole for !randint; a deviation is above 0.',
  },
  {
    code: 'SPACE',
    rule: 'distribution-step',
    explanation: 'The step q of a distribution is greater than 0 and no larger than its range.',
  },
  {
    code: 'SPACE',
    rule: 'distribution-without-search',
    explanation: 'Only a search algorithm draws from a distribution: the block needs an entry in `search`.',
  },
  {
    code: 'SPACE',
    rule: 'option-shared',
    explanation:
      'An option under a search algorithm belongs to one block; blocks that meet downstream cannot share it.',
  },
  {
    code: 'SPACE',
    rule: 'search-space',
    explanation: 'The search algorithm cannot work with these options or keywords.',
  },
  { code: 'SPACE', rule: 'option-outside-pipeline', explanation: 'Options stand in the pipeline only.' },
  { code: 'SPACE', rule: 'option-as-block', explanation: 'A block cannot be an option; put the option inside of it.' },
  // References, resources
  {
    code: 'BLOCKREF',
    rule: 'entry-not-component',
    explanation:
      'An entry of `search` is a search algorithm such as !TPE, one of `schedulers` a scheduler such as !ASHA.',
  },
  {
    code: 'BLOCKREF',
    rule: 'search-without-options',
    explanation: 'A search algorithm needs options: the block has none of its own.',
  },
  {
    code: 'BLOCKREF',
    rule: 'without-metric',
    explanation: 'Trials are to be ranked by a metric, and their component reports none (a warning).',
  },
  { code: 'BLOCKREF', rule: 'scheduler', explanation: 'The scheduler does not take these keywords.' },
  { code: 'BLOCKREF', rule: 'unknown-block', explanation: 'A key names a block that the pipeline does not have.' },
  { code: 'RESOURCE', rule: 'resource-missing', explanation: 'A local file or folder does not exist.' },
  {
    code: 'RESOURCE',
    rule: 'resource-location',
    explanation:
      'A location is a local path, a URL (http, https, s3; `#sha256=` behind it says what it must hold), or !cluster with a path.',
  },
  {
    code: 'RESOURCE',
    rule: 'resource-unpinned',
    explanation:
      'Trials are taken over, and nobody knows whether a URL still has the content that they read; `#sha256=` says it (a warning).',
  },
  {
    code: 'EXTENSION',
    rule: 'extension-location',
    explanation: 'An extension is a local folder, an npm requirement, or a git repository (https or ssh).',
  },
  {
    code: 'EXTENSION',
    rule: 'extension-name',
    explanation: 'The name of an extension is that of built-in components.',
  },
  { code: 'EXTENSION', rule: 'extension-missing', explanation: 'The folder of an extension does not exist.' },
  {
    code: 'EXTENSION',
    rule: 'extension-not-installed',
    explanation: 'The components of an extension are not known here: it was not installed, or cannot be loaded.',
  },
  { code: 'EXTENSION', rule: 'extension-map', explanation: 'The first of two documents maps names to locations.' },
  // Limits
  { code: 'LIMIT', rule: 'file-too-large', explanation: 'The file is larger than 256 KiB.' },
  { code: 'LIMIT', rule: 'too-deep', explanation: 'Lists and maps are nested deeper than 32.' },
  { code: 'LIMIT', rule: 'too-many-nodes', explanation: 'The file holds more values than a file may hold.' },
  { code: 'LIMIT', rule: 'alias-budget', explanation: 'Written out without aliases, the file would be too large.' },
  { code: 'LIMIT', rule: 'too-many-blocks', explanation: 'The pipeline has more than 256 blocks.' },
  { code: 'LIMIT', rule: 'too-many-options', explanation: 'The pipeline has more than 1,000 options.' },
  { code: 'LIMIT', rule: 'too-many-draws', explanation: 'All !s together draw more than 100,000 values.' },
  { code: 'LIMIT', rule: 'max-trials', explanation: 'The experiment has more variants than `max_trials` allows.' },
  {
    code: 'LIMIT',
    rule: 'too-many-upstream',
    explanation:
      'A search can build on more combinations of upstream trials than `max_trials`; `reduce` makes them fewer.',
  },
  {
    code: 'LIMIT',
    rule: 'entangled-space',
    explanation: 'Options open so many shared blocks that counting is refused.',
  },
  // What another version brings
  { code: 'CONFIG', rule: 'not-supported-yet', explanation: 'The hub cannot run this key or document yet.' },
  { code: 'RESULTS', rule: 'resume-with-force', explanation: '`force` removes the results that `resume` would take.' },
  {
    code: 'RESULTS',
    rule: 'reuse-without-seed',
    explanation: '`reuse` compares trials by their seed, so the file must give one.',
  },
] as const satisfies readonly Rule[]

export type RuleName = (typeof RULES)[number]['rule']
