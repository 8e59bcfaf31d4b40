/**
 * Learning curves that were recorded, for `flambe simulate --curves`: the points.jsonl of a trial, an output folder of
 * `flambe run` (each block its own trials), or a JSON file with a list of numbers a trial. Throws Refused for anything else.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CurvePoint } from '@flambe/search'
import { fileTrouble } from '../client/file-trouble.ts'
import { Refused } from '../client/refused.ts'

/** A list a trial, a value a step (a list of values for several objectives); null: none was reported. */
export type Rows = readonly (readonly CurvePoint[])[]

export interface CurveFile {
  has(block: string): boolean
  /** Null: nothing is recorded for this block. Each of several objectives is the scalar of its name, or has its place in a JSON list. */
  of(block: string, objectives: Objectives): Rows | null
}

type Objectives = readonly { readonly name: string | null }[]

/** @param tag the logged scalar that is the metric; null: the one under `Validation/` that is no loss, or the only one */
export function readCurves(path: string, tag: string | null): CurveFile {
  try {
    if (statSync(path).isDirectory())
      return {
        has: block => trialFiles(join(path, block)).length > 0,
        of: (block, objectives) => folderRows(join(path, block), tag, objectives),
      }
    const text = readFileSync(path, 'utf8')
    if (path.endsWith('.jsonl'))
      return { has: () => true, of: (_, objectives) => [pointRow(text, path, tag, objectives)] }
    const read = jsonRows(text, path)
    return {
      has: block => !(read instanceof Map) || read.has(block),
      of: (block, objectives) => enough(read instanceof Map ? (read.get(block) ?? null) : read, objectives, path),
    }
  } catch (error) {
    const why = fileTrouble(error)
    if (why === null) throw error
    throw new Refused(`${path}: ${why}`, 2, 'file-unreadable')
  }
}

/** Trials in the order of their numbers; those that logged nothing are left out. */
function folderRows(dir: string, tag: string | null, objectives: Objectives): Rows | null {
  const rows = trialFiles(dir).flatMap(file => {
    const text = readFileSync(file, 'utf8')
    return text.trim() === '' ? [] : [pointRow(text, file, tag, objectives)]
  })
  return rows.length === 0 ? null : rows
}

function trialFiles(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .filter(name => /^\d+-/.test(name) && existsSync(join(dir, name, 'points.jsonl')))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map(name => join(dir, name, 'points.jsonl'))
}

interface Point {
  readonly tag: string
  readonly step: number
  readonly value: number | null
}

function pointRow(text: string, file: string, wanted: string | null, objectives: Objectives): CurvePoint[] {
  const points = text
    .split('\n')
    .map((line, at) => ({ line, at }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => pointOf(line, `${file}:${at + 1}`))
  if (objectives.length < 2) return oneRow(points, wanted ?? usualTag(points, file), file)
  const columns = objectives.map(({ name }) => oneRow(points, name ?? usualTag(points, file), file))
  return (columns[0] ?? []).map((_, at) => columns.map(column => column[at] ?? null))
}

function oneRow(points: readonly Point[], tag: string, file: string): (number | null)[] {
  const own = points.filter(point => point.tag === tag).sort((a, b) => a.step - b.step)
  if (own.length === 0) throw wrong(file, `nothing was logged as \`${tag}\`${logged(points)}`)
  // What was measured before the first step is no report.
  const after = own.filter(point => point.step > 0)
  return (after.length === 0 ? own : after).map(point => point.value)
}

function pointOf(line: string, place: string): Point {
  const { tag, step, value } = (parsed(line, place) ?? {}) as { tag?: unknown; step?: unknown; value?: unknown }
  if (typeof tag !== 'string' || typeof step !== 'number' || !['number', 'string'].includes(typeof value))
    throw wrong(place, 'is no line of points.jsonl: {"tag": ..., "step": ..., "value": ...}')
  return { tag, step, value: typeof value === 'number' ? value : null }
}

function usualTag(points: readonly Point[], file: string): string {
  const tags = [...new Set(points.map(point => point.tag))]
  const usual = tags.length === 1 ? tags : tags.filter(tag => tag.startsWith('Validation/') && !/loss$/i.test(tag))
  if (usual.length === 1) return usual[0] as string
  throw wrong(file, `which of its scalars is the metric? Say --metric TAG${logged(points)}`)
}

const logged = (points: readonly Point[]) => ` (${[...new Set(points.map(point => point.tag))].join(', ')})`

/** `[[0.3, 0.2], [0.4]]`, or the same by block: `{"train": [[0.3, 0.2]]}`. */
function jsonRows(text: string, file: string): Rows | ReadonlyMap<string, Rows> {
  const read = parsed(text, file)
  if (isRows(read)) return read
  const entries = read !== null && typeof read === 'object' && !Array.isArray(read) ? Object.entries(read) : []
  if (entries.length > 0 && entries.every(([, rows]) => isRows(rows))) return new Map(entries as [string, Rows][])
  throw wrong(file, 'takes a list of numbers a trial, [[0.3, 0.2], [0.4]], or such a list for each block')
}

/** Values for all objectives, at every step. */
function enough(rows: Rows | null, objectives: Objectives, file: string): Rows | null {
  const many = (point: CurvePoint) => (Array.isArray(point) ? point.length : 1)
  if (rows !== null && objectives.length > 1 && rows.some(row => row.some(point => many(point) < objectives.length)))
    throw wrong(
      file,
      `each step has a list of ${objectives.length} values here, one an objective: [[[0.3, 7], [0.2, 9]]]`,
    )
  return rows
}

const isRow = (row: unknown): boolean =>
  Array.isArray(row) &&
  row.length > 0 &&
  row.every(value => isValue(value) || (Array.isArray(value) && value.every(isValue)))
const isValue = (value: unknown): boolean => value === null || typeof value === 'number'
const isRows = (rows: unknown): rows is Rows => Array.isArray(rows) && rows.length > 0 && rows.every(isRow)

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(place, 'is no JSON')
  }
}

const wrong = (place: string, why: string) => new Refused(`${place}: ${why}`, 2, 'file-unreadable')
