/**
 * Journals and courses of all blocks that have one and have not ended, for the indexes. A course is folded when it is first
 * asked for: a hub start only reads. What `decide` has folded, `apply` takes over.
 */
import type { PlannedBlock } from '@flambe/language'
import { blockKey, must } from '../ids.ts'
import type { Tables } from '../indexes.ts'
import type { JournalRow } from '../rows.ts'
import { type Course, type Folded, fold } from './course.ts'

interface Journal {
  readonly rows: JournalRow[]
  /** Of the first `course.seq` rows; null before it is asked for. */
  course: Course | null
}

/** By row, and by that very object: whoever reads rows from a store folds anew. */
const FOLDED = new WeakMap<JournalRow, Course>()

export function folding(before: Course | null, row: JournalRow, tables: Tables): Folded {
  const folded = fold(before, row, ...plannedOf(row, tables))
  FOLDED.set(row, folded.course)
  return folded
}

function plannedOf(row: JournalRow, tables: Tables): [PlannedBlock, number] {
  const { plan } = must(tables.experiments.get(row.experiment), row.experiment)
  const { index } = must(tables.blocks.get(blockKey(row.experiment, row.block)), row.block)
  return [must(plan.blocks[index], row.block), plan.seed]
}

/** What `folding` made of the row. */
export const folded = (row: JournalRow): Course => must(FOLDED.get(row), `journal row ${row.seq}`)

export class Journals {
  private readonly journals = new Map<string, Journal>()

  /** A repeat changes nothing; rows may come in any order when they come from a store. */
  add(row: JournalRow): void {
    const key = blockKey(row.experiment, row.block)
    const journal = this.journals.get(key) ?? { rows: [], course: null }
    this.journals.set(key, journal)
    journal.rows[row.seq - 1] = row
    const folded = FOLDED.get(row)
    if (folded && (journal.course?.seq ?? 0) === row.seq - 1) journal.course = folded
    // Each holds a history of its own: only the newest is of use.
    FOLDED.delete(row)
  }

  delete(key: string): void {
    this.journals.delete(key)
  }

  course(key: string, tables: Tables): Course | null {
    const journal = this.journals.get(key)
    if (journal === undefined) return null
    for (let next = journal.rows[journal.course?.seq ?? 0]; next; next = journal.rows[journal.course.seq])
      journal.course = fold(journal.course, next, ...plannedOf(next, tables)).course
    return journal.course
  }

  *rows(): Generator<JournalRow, void, undefined> {
    for (const { rows } of this.journals.values()) yield* rows
  }
}
