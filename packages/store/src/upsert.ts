/** Prepared drizzle statement that puts a whole row in place of the one with its key. Used by whatever writes rows. */
import { getTableColumns, sql } from 'drizzle-orm'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { SQLiteColumn, SQLiteInsertValue, SQLiteTable } from 'drizzle-orm/sqlite-core'

export type Drizzle = BetterSQLite3Database<Record<string, never>>

/** Columns in `keep` are written with a new row only, and stay as they are when there is one. */
export function upsert<T extends SQLiteTable>(
  db: Drizzle,
  table: T,
  key: readonly SQLiteColumn[],
  keep: readonly string[] = [],
): (row: T['$inferInsert']) => void {
  const columns = Object.entries(getTableColumns(table))
  const changing = columns.filter(([name, column]) => !key.includes(column) && !keep.includes(name))
  const statement = db
    .insert(table)
    .values(Object.fromEntries(columns.map(([name]) => [name, sql.placeholder(name)])) as SQLiteInsertValue<T>)
    .onConflictDoUpdate({
      target: [...key] as never,
      set: Object.fromEntries(changing.map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)])) as never,
    })
    .prepare()
  return row => void statement.run(row as Record<string, unknown>)
}
