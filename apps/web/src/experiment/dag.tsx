'use client'
/**
 * The pipeline as a live graph: a node a block with trials by state, best metric and time; a badge at its way out says what reduce keeps.
 * A click (or Enter) chooses the block for the whole page. Loaded apart, since React Flow is large.
 */
import {
  type Edge as FlowEdge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { BlockView } from '../api/views.ts'
import { plural } from '../format/number.ts'
import { cx } from '../ui/class.ts'
import { Spent } from '../ui/clock.tsx'
import { Metric } from '../ui/metric.tsx'
import { CountsBar, CountsText, StateBadge } from '../ui/state-badge.tsx'
import { edgesOf, reduceText } from './dag-edges.ts'
import { extent, NODE, placeBlocks } from './dag-layout.ts'

type BlockNode = Node<{ block: BlockView; chosen: boolean; vertical: boolean }, 'block'>

const TYPES = { block: BlockCard }

/** States in which a metric may still come; a block that ended without one says nothing. */
const MAY_COME: ReadonlySet<string> = new Set<BlockView['state']>(['pending', 'running', 'paused'])

/** Smaller than this a card cannot be read: then the pipeline goes from top to bottom. */
const LEAST_SCALE = 0.7
const ROOM = 48
const MOST_HEIGHT = 620

export default function Dag({
  blocks,
  chosen,
  onChoose,
}: {
  readonly blocks: readonly BlockView[]
  readonly chosen: string
  readonly onChoose: (block: string) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const shape = blocks.map(block => `${block.id}<${block.depends_on.join(',')}`).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: places follow from the shape alone, not from live numbers
  const across = useMemo(() => placeBlocks(blocks, 'LR'), [shape])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same
  const down = useMemo(() => placeBlocks(blocks, 'TB'), [shape])
  const scaleAcross = Math.min(1, (room - ROOM) / extent(across).width)
  const vertical = scaleAcross < LEAST_SCALE
  const places = vertical ? down : across
  const size = extent(places)
  const scale = Math.min(1, (room - ROOM) / size.width)
  const height = Math.min(MOST_HEIGHT, size.height * scale + ROOM)
  const nodes = useMemo(
    () =>
      blocks.map((block, i): BlockNode => {
        const place = places[i]
        return {
          id: block.id,
          type: 'block',
          position: { x: place?.x ?? 0, y: place?.y ?? 0 },
          width: NODE.width,
          height: NODE.height,
          data: { block, chosen: block.id === chosen, vertical },
          ariaLabel: `Block ${block.id}, ${block.state}`,
        }
      }),
    [blocks, places, chosen, vertical],
  )
  const edges = useMemo(
    () =>
      edgesOf(blocks).map(
        (edge): FlowEdge => ({
          id: edge.id,
          source: edge.source,
          target: edge.target,
          type: 'smoothstep',
          style: { stroke: 'var(--line-strong)', strokeWidth: 1.5 },
          markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: 'var(--line-strong)' },
          focusable: false,
        }),
      ),
    [blocks],
  )
  const byKey = (event: React.KeyboardEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset.id
    if (id === undefined || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onChoose(id === chosen ? '' : id)
  }
  return (
    <div ref={box} style={{ height }}>
      {room > 0 && (
        <ReactFlow
          // A new size is a new fit.
          key={`${vertical} ${room} ${shape}`}
          onKeyDown={byKey}
          nodes={nodes}
          edges={edges}
          nodeTypes={TYPES}
          fitView
          fitViewOptions={{ padding: 0.02, maxZoom: 1 }}
          minZoom={0.3}
          maxZoom={1.5}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          nodesFocusable
          zoomOnScroll={false}
          preventScrolling={false}
          onNodeClick={(_, node) => onChoose(node.id === chosen ? '' : node.id)}
          onPaneClick={() => onChoose('')}
          aria-label="Pipeline of blocks"
        />
      )}
    </div>
  )
}

/** Width of the element in steps of 20 px, so that a scrollbar does not make everything jump. */
function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(entries => {
      setWidth(Math.floor((entries[0]?.contentRect.width ?? 0) / 20) * 20)
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}

function BlockCard({ data: { block, chosen, vertical } }: NodeProps<BlockNode>) {
  const reduce = reduceText(block)
  return (
    <div
      className={cx(
        'relative flex h-full w-full flex-col gap-1 rounded-lg border bg-raised px-2.5 py-2 text-xs',
        chosen ? 'border-accent shadow-[0_0_0_1px_var(--accent)]' : 'border-line-strong hover:border-faint',
        (block.state === 'masked' || block.state === 'pending') && !chosen && 'border-dashed',
      )}
    >
      <Handle
        type="target"
        position={vertical ? Position.Top : Position.Left}
        className="pointer-events-none opacity-0"
        isConnectable={false}
      />
      <div className="flex items-center gap-2">
        <span className="truncate text-sm font-semibold" title={block.id}>
          {block.id}
        </span>
        <StateBadge state={block.state} reason={block.reason} className="ml-auto text-2xs" />
      </div>
      <div className="mono shrink-0 truncate text-2xs text-faint" title={`!${block.tag}`}>
        !{block.tag}
      </div>
      <div className="mt-auto flex items-center gap-2">
        <CountsBar counts={block.trials} total={block.count} />
        <CountsText counts={block.trials} total={block.count} className="text-2xs" />
      </div>
      <div className="flex items-center justify-between text-2xs">
        <span className="text-faint">
          {block.best ? (
            <>
              best <Metric value={block.best.metric} className="font-medium text-ink" />
            </>
          ) : (
            MAY_COME.has(block.state) && 'no metric yet'
          )}
        </span>
        <span className="text-muted">
          <Spent row={block} />
        </span>
      </div>
      {reduce !== null && (
        <span
          title={`Reduce keeps ${reduce.split(' ').at(-1)} of ${plural(block.count, 'trial')}, by ${block.reduce?.mode}`}
          className={cx(
            'nums absolute z-10 rounded-sm border border-line-strong bg-accent-soft px-1.5 text-2xs leading-4 font-semibold text-ink',
            vertical ? '-bottom-3 left-1/2 -translate-x-1/2' : 'right-2.5 -bottom-3',
          )}
        >
          <span className="sr-only">reduce </span>
          {reduce}
        </span>
      )}
      <Handle
        type="source"
        position={vertical ? Position.Bottom : Position.Right}
        className="pointer-events-none opacity-0"
        isConnectable={false}
      />
    </div>
  )
}
