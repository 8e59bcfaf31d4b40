/**
 * A resolved configuration to objects: rebuilds every ancestor block and loads its checkpoint, then builds the trial's own
 * block, whose component is returned. Never calls `run()`. Called by the trial process.
 *
 * A link to block X means X as it stood at the end of X (LNK-15). All blocks share objects as they did while they ran,
 * except where an ancestor's run changed an object of a block before it: then it gets private copies, made by building
 * that block once more, and its own state is loaded over them. Whether it did is seen by comparing recorded state hashes.
 */
import type { ResolvedBlock, ResolvedConfig } from '@flambe/language'
import { Block, ownerOf, type Surroundings } from './block.ts'
import type { Component } from './component.ts'
import { ConfigurationError } from './failure.ts'
import './load.ts' // for `load_from_path`
import { setResources } from './resources.ts'
import { recorded, restore } from './state.ts'

export interface Sources {
  /** Path of each resource. */
  readonly resources: { readonly [name: string]: string }
  /** Save folder of each ancestor block's checkpoint. */
  readonly inputs: { readonly [block: string]: string }
}

/** `made` gets every block that is built, also those that are given up for copies: whoever ends the trial disposes of them. */
export async function compile(
  config: ResolvedConfig,
  { resources, inputs }: Sources,
  made: Block[] = [],
): Promise<Component> {
  const own = config.at(-1)
  if (own === undefined) throw new ConfigurationError('there is nothing to build')
  setResources(resources)
  const build = (written: ResolvedBlock, around: Surroundings): Promise<Block> => {
    const block = new Block(written, around)
    made.push(block)
    return block.build()
  }
  const hashes = new WeakMap<Component, string>()
  const others = new Map<string, Block>()

  /** Builds an ancestor as of its end. Blocks in `spare` belong to it alone: it may load its state over them. */
  const ancestor = async (written: ResolvedBlock, around: Surroundings, spare: ReadonlySet<Block>): Promise<Block> => {
    const dir = Object.hasOwn(inputs, written.id) ? inputs[written.id] : undefined
    if (dir === undefined) throw new Error(`the checkpoint of block ${written.id} is not here`)
    let block = await build(written, around)
    let mine: ReadonlySet<Block> = new Set([...spare, block])
    const changed = new Set<Block>()
    for (const [component, hash] of recorded(block.component, dir)) {
      const owner = ownerOf(component)
      if (owner !== undefined && !mine.has(owner) && hashes.get(component) !== hash) changed.add(owner)
    }
    if (changed.size > 0) {
      const copies = new Set<Block>()
      const copied = await copy(block.used, changed, spare, copies)
      block = await build(written, { ...around, others: new Map([...around.others, ...copied]) })
      mine = new Set([...spare, ...copies, block])
    }
    const loaded = await restore(block.component, dir, { skip: c => !mine.has(ownerOf(c) ?? block) })
    for (const [component, hash] of loaded) hashes.set(component, hash)
    await block.component.ended?.()
    block.claim()
    return block
  }

  /** The blocks of `used` with fresh copies of `changed` and of whatever leads to one of them. */
  const copy = async (
    used: ReadonlyMap<string, Block>,
    changed: ReadonlySet<Block>,
    spare: ReadonlySet<Block>,
    copies: Set<Block>,
    done = new Map<Block, Block>(),
  ): Promise<Map<string, Block>> => {
    const result = new Map<string, Block>()
    for (const [id, block] of used) {
      let next = done.get(block)
      if (next === undefined) {
        const below = await copy(block.used, changed, spare, copies, done)
        const same = !changed.has(block) && [...below].every(([name, b]) => block.used.get(name) === b)
        next = same || spare.has(block) ? block : await ancestor(block.written, { resources, others: below }, copies)
        if (next !== block) copies.add(next)
        done.set(block, next)
      }
      result.set(id, next)
    }
    return result
  }

  for (const written of config.slice(0, -1))
    others.set(written.id, await ancestor(written, { resources, others }, new Set()))
  return (await build(own, { resources, others })).component
}
