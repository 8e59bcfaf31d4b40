/**
 * One panel of curves on a canvas: Chart.js used directly, only what a line chart needs. Nothing is animated, and points are
 * few already (the hub buckets them), so an update is a plain redraw. The crosshair and the pointed-at curve are drawn on top,
 * so that moving the pointer recomputes nothing.
 */
import {
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
} from 'chart.js'
import { shortNumber } from '../format/number.ts'
import { type Look, resolveColor, trialColor, trialDashes, withAlpha } from './color.ts'
import type { Crosshair } from './crosshair.ts'
import { type Curve, indexNear, isBucketed, smooth } from './series.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler)

export interface CurveOptions {
  readonly smoothing: number
  readonly log: boolean
  readonly look: Look
}

export interface Hit {
  readonly curve: Curve
  readonly step: number
  readonly value: number
  /** Distance to the pointer in px; null when the pointer is in another panel. */
  readonly distance: number | null
}

export interface CurveChart {
  update(curves: readonly Curve[], options: CurveOptions): void
  /** Values at a step, nearest to the pointer's height first. */
  hits(step: number, y: number | null): Hit[]
  image(): string
  destroy(): void
}

type Point = { x: number; y: number }
/** More curves than this: no band, it would be a fog. */
const MAX_BANDS = 12

export function makeCurveChart(canvas: HTMLCanvasElement, crosshair: Crosshair): CurveChart {
  let curves: readonly Curve[] = []
  let drawn: readonly (readonly (number | null)[])[] = []
  let frame = 0
  let look: Look = 'light'

  const overlay: Plugin<'line'> = {
    id: 'crosshair',
    afterDatasetsDraw(chart) {
      const { step, trial } = crosshair.pointed
      const { ctx, chartArea: area, scales } = chart
      const xs = scales.x
      const ys = scales.y
      if (!xs || !ys) return
      ctx.save()
      ctx.beginPath()
      ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top)
      ctx.clip()
      const at = curves.findIndex(curve => curve.id === trial)
      const curve = curves[at]
      if (curve) {
        ctx.globalAlpha = 1
        ctx.strokeStyle = resolveColor(trialColor(curve.number), look)
        ctx.lineWidth = 3
        ctx.beginPath()
        let pen = false
        curve.steps.forEach((x, i) => {
          const y = drawn[at]?.[i]
          if (y === null || y === undefined) pen = false
          else if (pen) ctx.lineTo(xs.getPixelForValue(x), ys.getPixelForValue(y))
          else {
            ctx.moveTo(xs.getPixelForValue(x), ys.getPixelForValue(y))
            pen = true
          }
        })
        ctx.stroke()
      }
      if (step !== null) {
        const px = Math.round(xs.getPixelForValue(step)) + 0.5
        ctx.strokeStyle = resolveColor('var(--faint)', look)
        ctx.lineWidth = 1
        ctx.setLineDash([3, 3])
        ctx.beginPath()
        ctx.moveTo(px, area.top)
        ctx.lineTo(px, area.bottom)
        ctx.stroke()
        ctx.setLineDash([])
        if (curve) {
          const i = indexNear(curve.steps, step)
          const y = drawn[at]?.[i]
          if (i >= 0 && y !== null && y !== undefined) {
            ctx.fillStyle = resolveColor(trialColor(curve.number), look)
            ctx.strokeStyle = resolveColor('var(--surface)', look)
            ctx.lineWidth = 2
            ctx.beginPath()
            ctx.arc(xs.getPixelForValue(curve.steps[i] as number), ys.getPixelForValue(y), 4, 0, 2 * Math.PI)
            ctx.fill()
            ctx.stroke()
          }
        }
      }
      ctx.restore()
    },
  }

  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    plugins: [overlay],
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      events: [],
      layout: { padding: { top: 6, right: 10 } },
      elements: { point: { radius: 0, hitRadius: 0 }, line: { borderWidth: 1.5, borderJoinStyle: 'round' } },
      plugins: { legend: { display: false }, tooltip: { enabled: false }, decimation: { enabled: false } },
    },
  })

  const off = crosshair.subscribe(() => {
    frame ||= requestAnimationFrame(() => {
      frame = 0
      chart.draw()
    })
  })

  return {
    update(next, options) {
      curves = next
      look = options.look
      const line = resolveColor('var(--line)', look)
      const visible = (y: number | null) => (y === null || (options.log && y <= 0) ? null : y)
      drawn = curves.map(curve => smooth(curve.values, options.smoothing).map(visible))
      const dashes = trialDashes(curves.map(curve => curve.number))
      chart.data.datasets = curves.flatMap((curve, i) =>
        datasets(curve, drawn[i] ?? [], dashes[i] ?? [], options, curves.length, visible),
      )
      const axis = {
        border: { display: false },
        grid: { color: line, tickLength: 0 },
        ticks: {
          color: resolveColor('var(--faint)', look),
          font: { family: getComputedStyle(canvas).fontFamily, size: 11 },
          padding: 6,
          maxRotation: 0,
          autoSkipPadding: 24,
          callback: (value: number | string) => shortNumber(Number(value)),
        },
      }
      const steps = curves.flatMap(curve => [curve.steps[0] ?? 0, curve.steps.at(-1) ?? 0])
      const [least, most] = [Math.min(...steps), Math.max(...steps)]
      chart.options.scales = {
        x: {
          ...axis,
          type: 'linear',
          // One step alone stands in the middle, with its own number under it.
          ...(least === most ? { min: least - 0.5, max: most + 0.5 } : {}),
          grid: { display: false },
          border: { display: true, color: line },
          // Steps are whole numbers.
          ticks: { ...axis.ticks, precision: 0 },
        },
        y: { ...axis, type: options.log ? 'logarithmic' : 'linear', ticks: { ...axis.ticks, maxTicksLimit: 6 } },
      }
      chart.update('none')
    },
    hits(step, y) {
      const ys = chart.scales.y
      const found = curves.flatMap((curve, c): Hit[] => {
        const first = curve.steps[0]
        const last = curve.steps.at(-1)
        if (first === undefined || last === undefined) return []
        const i = indexNear(curve.steps, step)
        const value = drawn[c]?.[i]
        if (value === null || value === undefined) return []
        const distance = y === null || !ys ? null : Math.abs(ys.getPixelForValue(value) - y)
        return [{ curve, step: curve.steps[i] as number, value, distance }]
      })
      return found.sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0))
    },
    image() {
      const copy = document.createElement('canvas')
      copy.width = canvas.width
      copy.height = canvas.height
      const ctx = copy.getContext('2d')
      if (ctx) {
        ctx.fillStyle = resolveColor('var(--surface)', look)
        ctx.fillRect(0, 0, copy.width, copy.height)
        ctx.drawImage(canvas, 0, 0)
      }
      return copy.toDataURL('image/png')
    },
    destroy() {
      off()
      cancelAnimationFrame(frame)
      chart.destroy()
    },
  }
}

/** The step under a pointer at canvas x; null outside of the plot. */
export function stepAt(canvas: HTMLCanvasElement, x: number): number | null {
  const chart = Chart.getChart(canvas)
  const scale = chart?.scales.x
  if (!chart || !scale || x < chart.chartArea.left - 4 || x > chart.chartArea.right + 4) return null
  return scale.getValueForPixel(x) ?? null
}

function datasets(
  curve: Curve,
  values: readonly (number | null)[],
  dash: readonly number[],
  options: CurveOptions,
  count: number,
  visible: (y: number | null) => number | null,
): ChartDataset<'line', Point[]>[] {
  const color = resolveColor(trialColor(curve.number), options.look)
  const points = (ys: readonly (number | null)[]) =>
    curve.steps.map((x, i) => ({ x, y: visible(ys[i] ?? null) ?? Number.NaN }))
  const line: ChartDataset<'line', Point[]> = {
    data: points(values),
    borderColor: color,
    backgroundColor: color,
    borderDash: [...dash],
    borderWidth: count > 40 ? 1 : 1.5,
    pointRadius: curve.steps.length < 2 ? 3 : 0,
    order: 0,
  }
  const all = [line]
  if (options.smoothing > 0) {
    all.push({ data: points(curve.values), borderColor: withAlpha(color, 0.22), borderWidth: 1, order: 1 })
  }
  if (count <= MAX_BANDS && isBucketed(curve)) {
    const edge = { borderWidth: 0, pointRadius: 0, order: 2 }
    all.push({ data: points(curve.mins), ...edge })
    all.push({ data: points(curve.maxs), ...edge, fill: '-1', backgroundColor: withAlpha(color, 0.14) })
  }
  return all
}
