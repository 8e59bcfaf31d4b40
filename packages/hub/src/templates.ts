/** The shipped examples, read once at the start. The title is the file's first comment line. */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface Template {
  readonly name: string
  readonly title: string
  readonly text: string
}

/** Empty when there is no such folder. */
export async function readTemplates(dir: string | undefined): Promise<readonly Template[]> {
  if (dir === undefined) return []
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter(name => name.endsWith('.yaml')).sort()
  return await Promise.all(
    files.map(async file => {
      const text = await readFile(join(dir, file), 'utf8')
      const name = basename(file, '.yaml')
      return { name, title: /^#\s*(.+)$/m.exec(text)?.[1] ?? name, text }
    }),
  )
}
