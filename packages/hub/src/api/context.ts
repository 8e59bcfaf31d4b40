/** What procedures are given. Everything that they may touch stands here. */

import type { OpenStore } from '@flambe/store'
import type { AgentPackage } from '../agents/package.ts'
import type { Presence } from '../agents/presence.ts'
import type { Auth } from '../auth/auth.ts'
import type { Identity } from '../auth/identity.ts'
import type { Clock } from '../clock.ts'
import type { Driver } from '../driver/driver.ts'
import type { Describing } from '../extensions/describing.ts'
import type { Installing } from '../extensions/installing.ts'
import type { Limits } from '../limits.ts'
import type { Committed } from '../rows/committed.ts'
import type { AgentView, ExperimentSummary } from './views.ts'

export interface HubServices {
  readonly auth: Auth
  readonly clock: Clock
  readonly describing: Describing
  readonly installing: Installing
  readonly driver: Driver
  readonly limits: Limits
  readonly presence: Presence
  readonly rows: Committed
  readonly store: OpenStore
  readonly name: string
  readonly version: string
  readonly started: number
  readonly agentPackage: AgentPackage | null
  /** Set by the store's `archive`, kept beside for the views. */
  readonly archived: ReadonlySet<string>
  /** Archives or brings back, and tells the pages. */
  archive(experiment: string, archived: boolean): Promise<void>
  /** Shipped examples. */
  readonly templates: readonly { readonly name: string; readonly title: string; readonly text: string }[]
  /** After a token was taken back: ends the pages that it had opened. */
  recheckPages(): Promise<void>
  /** Takes an agent's tokens back, ends its connections, tells the pages. */
  revokeAgent(id: string): Promise<void>
  agentView(id: string): AgentView
  summary(id: string): ExperimentSummary
}

export interface ApiContext {
  readonly hub: HubServices
  readonly identity: Identity | null
  /** Address of the caller, for the audit log. */
  readonly from: string
  /** `http://host:port` as the caller sees this hub, for commands to copy. */
  readonly origin: string
  setCookie(value: string): void
}
