// The reference table of the design page (4.2), and what its medians of 30 seeds are worth: the same programs over hundreds of
// seeds, so that luck of the quoted 30 can be told from a difference. Data for `algorithms.ts`; docs/search.md says how measured.

import { branin, hartmann6, mixed, type Objective, rosenbrock, sphere } from '../src/algorithms/testing/objectives.ts'

export interface Reference {
  /** Medians after 25, 50, 100 and 200 trials over the quoted seeds; null where the table has none. */
  readonly quoted: readonly (number | null)[]
  /** Quartiles at 100 trials, where quoted and to be met. */
  readonly quartiles?: readonly [number, number]
  /** The same program's median at 100 trials over many more seeds than were quoted. */
  readonly expected?: { readonly median: number; readonly seeds: number }
}

/** Where a row stands against its reference at 100 trials. */
export function verdict(reference: Reference, median: number, best: number): string {
  const { quoted, quartiles, expected } = reference
  const at100 = quoted[2] ?? null
  if (quartiles !== undefined && median <= quartiles[1]) return 'within the quartiles or better'
  const slack = (value: number) => value + 0.1 * Math.abs(value)
  const limits: readonly [number | null, string][] = [
    [quartiles === undefined ? at100 : null, 'the quoted'],
    [expected?.median ?? null, `the reference over ${expected?.seeds} seeds`],
  ]
  for (const [limit, name] of limits)
    if (limit !== null && median <= slack(limit)) return `within 10 % of ${name}, or better`
  const least = Math.max(...limits.map(([limit]) => (limit === null ? Number.NEGATIVE_INFINITY : slack(limit))))
  if (!Number.isFinite(least)) return '-'
  return best <= least ? 'undecided by so few seeds' : 'MISSED'
}

export const REFERENCES: readonly [Objective, { readonly [method: string]: Reference }][] = [
  [
    branin,
    {
      random: { quoted: [2.07, 1.16, 0.888, 0.543], expected: { median: 0.7615, seeds: 20_000 } },
      Sobol: { quoted: [2.03, 1.17, 0.829, 0.531] },
      'TPE independent': { quoted: [1.62, 0.668, 0.456, 0.402] },
      'TPE joint': { quoted: [0.89, 0.529, 0.418, 0.401], quartiles: [0.405, 0.432] },
      'CMA-ES': { quoted: [2.17, 0.901, 0.413, 0.3979], expected: { median: 0.4089, seeds: 400 } },
      GP: { quoted: [0.481, 0.3979, null, null] },
    },
  ],
  [
    hartmann6,
    {
      random: { quoted: [-1.18, -1.74, -2.12, -2.2], expected: { median: -2.024, seeds: 5_000 } },
      Sobol: { quoted: [-1.46, -1.78, -2.12, -2.52] },
      'TPE independent': { quoted: [-1.77, -2.62, -3.01, -3.21] },
      'TPE joint': { quoted: [-2.4, -2.98, -3.19, -3.29], quartiles: [-3.24, -3.13] },
      'CMA-ES': { quoted: [-1.76, -2.59, -3.04, -3.28], expected: { median: -3.008, seeds: 400 } },
      GP: { quoted: [-2.02, -3.319, -3.322, null] },
    },
  ],
  [
    rosenbrock(2),
    {
      random: { quoted: [42, 13, 5.4, 2.7], expected: { median: 4.927, seeds: 20_000 } },
      'TPE independent': { quoted: [9, 1.7, 0.54, 0.17], expected: { median: 0.9246, seeds: 400 } },
      'TPE joint': { quoted: [8.1, 2.1, 0.42, 0.1], expected: { median: 0.5213, seeds: 400 } },
      'CMA-ES': { quoted: [5.5, 1.2, 0.21, 0.042], expected: { median: 0.2886, seeds: 400 } },
    },
  ],
  [
    rosenbrock(5),
    {
      random: { quoted: [17632, 9261, 3190, 2362], expected: { median: 4070, seeds: 20_000 } },
      'TPE independent': { quoted: [3485, 992, 349, 85.7] },
      'TPE joint': { quoted: [2726, 489, 71.8, 21.8], expected: { median: 84.0, seeds: 400 } },
      'CMA-ES': { quoted: [1581, 364, 107, 8.6], expected: { median: 119.2, seeds: 300 } },
      GP: { quoted: [2025, 1132, 112, null] },
    },
  ],
  [
    sphere(5),
    {
      random: { quoted: [9.9, 8.1, 6.4, 5.1], expected: { median: 7.054, seeds: 20_000 } },
      'TPE independent': { quoted: [6, 4, 0.89, 0.21] },
      'TPE joint': { quoted: [3.8, 1.3, 0.23, 0.049] },
      'CMA-ES': { quoted: [1.7, 0.68, 0.13, 0.0083] },
    },
  ],
  [
    // Nothing is quoted here: the limits are those of the optimum in the middle, but for CMA-ES, which begins there.
    sphere(5, 0.5),
    {
      'TPE independent': { quoted: [6, 4, 0.89, 0.21] },
      'TPE joint': { quoted: [3.8, 1.3, 0.23, 0.049] },
      'CMA-ES': { quoted: [null, null, null, null], expected: { median: 0.6911, seeds: 400 } },
      GP: { quoted: [] },
    },
  ],
  [
    mixed,
    {
      random: { quoted: [0.0814, 0.0778, 0.0677, 0.0632] },
      'TPE independent': { quoted: [0.0676, 0.0602, 0.0514, 0.0501] },
      'TPE joint': { quoted: [0.0673, 0.0543, 0.0505, 0.0501] },
      'TPE joint, group': { quoted: [0.0665, 0.0521, 0.0507, 0.0502] },
      GP: { quoted: [] },
    },
  ],
]
