export { type Agent, type AgentOptions, startAgent } from './agent.ts'
export { Complaint } from './complaint.ts'
export { makeLog } from './log.ts'
export type { Probed } from './probe/probe.ts'
