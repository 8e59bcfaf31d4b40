/** The seed that a hub lends to a resuming file without one: that of the newest experiment of its name, as `experiments.submit` does. */
import { connect, explain } from './connect.ts'
import { findHub } from './tokens.ts'

/** Null: the hub has no experiment of this name. Throws Refused when the hub cannot be asked. */
export async function lentSeed(hub: string, name: string): Promise<number | null> {
  const { api } = connect(await findHub(hub))
  const { items } = await api.experiments.list.query({ search: name, limit: 200 }).catch(explain)
  const newest = items.find(item => item.name === name)
  return newest === undefined ? null : (await api.experiments.get.query({ id: newest.id }).catch(explain)).seed
}
