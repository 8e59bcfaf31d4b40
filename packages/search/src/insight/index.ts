// `@flambe/search/insight`: what a finished or running search tells, as data for pages to draw. Pure functions over rows.

export { type Axis, axesOf, placeOn, valueOn } from './axis.ts'
export { fanova } from './fanova.ts'
export { hypervolumeHistory, paretoFront } from './objectives.ts'
export { pedAnova } from './ped-anova.ts'
export {
  type ContourPlot,
  contour,
  type PairPoint,
  type ParallelPlot,
  parallelCoordinates,
  type RankPlot,
  rankPlot,
  type SlicePlot,
  slices,
} from './plots.ts'
export { type BestPoint, bestHistory, type Edf, edf } from './progress.ts'
export { type Row, rowsOf } from './rows.ts'
export type { Importance } from './shares.ts'
