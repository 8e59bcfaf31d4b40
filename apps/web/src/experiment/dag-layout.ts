/**
 * Where the blocks of a pipeline stand: left to right in the order of their links (top to bottom on narrow screens), by
 * dagre. Pure; sizes are px.
 */
import { graphlib, layout } from '@dagrejs/dagre'
import { edgesOf, type Shape } from './dag-edges.ts'

export const NODE = { width: 208, height: 104 } as const

export interface Placed {
  readonly id: string
  readonly x: number
  readonly y: number
}

export function placeBlocks(blocks: readonly Shape[], direction: 'LR' | 'TB'): readonly Placed[] {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: direction, nodesep: 18, ranksep: direction === 'LR' ? 64 : 40, marginx: 8, marginy: 8 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const block of blocks) graph.setNode(block.id, { ...NODE })
  for (const edge of edgesOf(blocks)) graph.setEdge(edge.source, edge.target)
  layout(graph)
  return blocks.map(block => {
    const { x, y } = graph.node(block.id) as { x: number; y: number }
    return { id: block.id, x: x - NODE.width / 2, y: y - NODE.height / 2 }
  })
}

/** Width and height that the blocks take up. */
export function extent(places: readonly Placed[]): { readonly width: number; readonly height: number } {
  const span = (values: readonly number[]) => Math.max(0, ...values) - Math.min(...values, Number.POSITIVE_INFINITY)
  if (places.length === 0) return { width: 0, height: 0 }
  return {
    width: span(places.map(place => place.x)) + NODE.width,
    height: span(places.map(place => place.y)) + NODE.height,
  }
}
