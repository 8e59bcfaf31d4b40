/** Submitting: everything is checked before one event is recorded, so an experiment is there whole or not at all. */
import { randomInt } from 'node:crypto'
import type { EngineState, ExperimentRow, ResourceRef } from '@flambe/engine'
import type { ExtensionPieces, Plan, Planned, Problem } from '@flambe/language'
import type { Manifest } from '@flambe/protocol'
import { describePieces } from '../extensions/pieces.ts'
import { EXTENSION } from '../extensions/used.ts'
import { Refused } from '../refused.ts'
import type { HubServices } from './context.ts'
import { earlierOf } from './earlier.ts'
import { namesakes, nameTaken } from './names.ts'
import { planText } from './planning.ts'
import type { SubmitAnswer } from './views.ts'

export interface Submission {
  readonly text: string
  readonly file?: string | undefined
  /** Extensions too, as `extension:<name>`. */
  readonly resources: { readonly [name: string]: Manifest }
  /** Their catalogues, read where they were packed: the hub runs no code of theirs. Without one, an agent is asked. */
  readonly extensions?: ExtensionPieces | undefined
  /** What they were obtained at: npm versions, git commits. */
  readonly versions?: { readonly [name: string]: string } | undefined
  readonly paused?: boolean | undefined
  readonly seed?: number | undefined
  readonly force?: boolean | undefined
  readonly command: string
}

export async function submit(hub: HubServices, user: string, sent: Submission): Promise<SubmitAnswer> {
  const before = await hub.store.command(sent.command)
  if (before !== null) return await replaced(hub, before.result as unknown as SubmitAnswer)

  const { pieces, resources, missing } = await describePieces(hub, sent.text, sent)
  if (missing.length > 0) return notUploaded(missing)
  const input: Submission = { ...sent, resources, extensions: pieces }
  const { plan, problems, resumed } = planOf(hub, input)
  if (plan === null) return { ok: false, problems, refusal: null, missing: [] }
  const taken = namesakes(hub, hub.rows.experiments, plan.name)
  const replaces = input.force === true || plan.settings.resume !== null
  if (taken.length > 0 && !replaces) return refuse(nameTaken(plan.name, taken[0] as string))
  const given = await uploads(hub, plan, input)
  if ('ok' in given) return given
  const earlier = await earlierOf(hub.rows, plan, given.resources, resumed)
  if (typeof earlier === 'string') return refuse(earlier)

  const id = mint(hub)
  const answer: SubmitAnswer = { ok: true, id }
  const event = (state: EngineState) => {
    // Another submission may have come in between; what was there before is replaced by force.
    const other = namesakes(hub, state.experiments, plan.name).find(e => !taken.includes(e))
    if (other !== undefined) throw new Refused('CONFLICT', nameTaken(plan.name, other))
    return {
      type: 'experiment-submitted',
      experiment: id,
      user,
      plan,
      resources: given.resources,
      paused: input.paused ?? false,
      earlier,
    } as const
  }
  const recorded = await hub.driver.record(event, { id: input.command, result: answer })
  return await replaced(hub, recorded.result as unknown as SubmitAnswer)
}

/** With `resume` the newest experiment of the name lends its seed, unless the file or the caller says one. */
function planOf(hub: HubServices, input: Submission): Planned & { readonly resumed: ExperimentRow | null } {
  const file = input.file ?? 'experiment.yaml'
  const first = planText(input.text, file, input.seed ?? null, input.force === true, input.extensions)
  if (first.plan === null || first.plan.settings.resume === null) return { ...first, resumed: null }
  const newest = namesakes(hub, hub.rows.experiments, first.plan.name).at(-1)
  const resumed = (newest === undefined ? undefined : hub.rows.experiments.get(newest)) ?? null
  if (resumed === null || first.written !== null || input.seed !== undefined) return { ...first, resumed }
  return { ...planText(input.text, file, resumed.plan.seed, false, input.extensions), resumed }
}

/** Ends and archives what a forced or resuming submission replaces. Done again with a repeat: the first time may have been cut short. */
async function replaced(hub: HubServices, answer: SubmitAnswer): Promise<SubmitAnswer> {
  const row = answer.ok ? hub.rows.experiments.get(answer.id) : undefined
  if (row === undefined || hub.archived.has(row.id)) return answer
  // In the order of submission: a newer one is not this one's to end.
  const all = namesakes(hub, hub.rows.experiments, row.name)
  for (const old of all.slice(0, all.indexOf(row.id))) {
    const ended = hub.rows.experiments.get(old)?.ended ?? null
    if (ended === null) await hub.driver.record({ type: 'experiment-commanded', experiment: old, command: 'cancel' })
    await hub.archive(old, true)
  }
  return answer
}

const refuse = (refusal: string, missing: readonly string[] = [], problems: readonly Problem[] = []): SubmitAnswer => ({
  ok: false,
  problems,
  refusal,
  missing,
})

const notUploaded = (missing: readonly string[]): SubmitAnswer =>
  refuse(`${missing.length} files are not uploaded yet`, [...new Set(missing)])

const ownOf = <T>(of: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined

/** Manifests of all local resources and extensions, or what is missing. */
async function uploads(
  hub: HubServices,
  plan: Plan,
  { resources: given, versions = {} }: Pick<Submission, 'resources' | 'versions'>,
): Promise<SubmitAnswer | { readonly resources: { readonly [name: string]: ResourceRef } }> {
  const resources: { [name: string]: ResourceRef } = {}
  const absent: string[] = []
  const missing: string[] = []
  const extensions = plan.extensions.map(({ name, location }) => ({
    name: EXTENSION + name,
    location,
    kind: 'extension' as const,
  }))
  for (const { name, location, kind } of [...plan.resources, ...extensions]) {
    // A URL is the agents' to fetch: the hub never does (S9).
    if (kind === 'cluster' || kind === 'url') {
      resources[name] = { kind, location }
      continue
    }
    const manifest = Object.hasOwn(given, name)
      ? (given[name] as Extract<ResourceRef, { kind: 'blobs' }>['manifest'])
      : null
    if (manifest === null) absent.push(`${name.replace(EXTENSION, 'extension ')} (${location})`)
    else {
      missing.push(...(await hub.store.missingBlobs(manifest)))
      const version = kind === 'extension' ? ownOf(versions, name.slice(EXTENSION.length)) : undefined
      resources[name] = { kind: 'blobs', manifest, ...(version === undefined ? {} : { version }) }
    }
  }
  if (absent.length > 0) {
    return refuse(
      `this must be sent with the experiment: ${absent.join(', ')}. \`flambe submit FILE --hub URL\` does it`,
    )
  }
  if (missing.length > 0) return notUploaded(missing)
  return { resources }
}

/** Short, lower case, starts with a letter; never one that exists. */
function mint(hub: HubServices): string {
  for (;;) {
    const id = `e${Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('')}`
    if (!hub.rows.experiments.has(id)) return id
  }
}
