export { type Agent, type AgentOptions, type Probed, startAgent } from './agent.ts'
export { Complaint } from './complaint.ts'
export { makeLog } from './log.ts'
