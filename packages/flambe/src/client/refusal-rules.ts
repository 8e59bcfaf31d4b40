/**
 * What the command itself refuses, beside the rules of the language: reasons that lie in this machine, its folders or a hub
 * and not in the file's text. docs/problems.md is made of both lists.
 */
import type { ProblemCode, Rule } from '@flambe/language'

export const COMMAND_RULES = [
  { code: 'CONFIG', rule: 'file-unreadable', explanation: 'The experiment file is not there or cannot be read.' },
  { code: 'CONFIG', rule: 'folder-unusable', explanation: 'A folder cannot be made or written to.' },
  { code: 'CONFIG', rule: 'refused', explanation: 'The hub cannot be reached, or says no; the message says why.' },
  { code: 'RESOURCE', rule: 'resource-unreadable', explanation: 'A local file or folder cannot be read or sent.' },
  { code: 'RESULTS', rule: 'results-exist', explanation: 'The output folder holds results; `--force` deletes them.' },
  { code: 'RESULTS', rule: 'run-goes-on', explanation: 'Another `flambe run` writes into the output folder.' },
  {
    code: 'RESULTS',
    rule: 'resume-nothing',
    explanation: '`resume` where nothing of this name was run: everything runs (a warning).',
  },
  { code: 'RESULTS', rule: 'no-metric', explanation: 'No trial of a reduced block reported a metric (a warning).' },
  { code: 'LIMIT', rule: 'too-few-devices', explanation: 'A block needs more processors or GPUs than there are.' },
] as const satisfies readonly Rule[]

export type CommandRule = (typeof COMMAND_RULES)[number]['rule']

export const familyOf = (rule: CommandRule): ProblemCode =>
  (COMMAND_RULES.find(r => r.rule === rule) as (typeof COMMAND_RULES)[number]).code
