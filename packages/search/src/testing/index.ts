// The contract suite that every algorithm and scheduler must pass. It knows no test runner: a case is a name and a
// function that throws. Call from a test file: for (const c of algorithmCases(make)) it(c.name, c.run).

export { algorithmCases } from './algorithms.ts'
export type { ContractCase } from './check.ts'
export { goldenLoss } from './golden.ts'
export { type SchedulerCaseOptions, schedulerCases } from './schedulers.ts'
