/** A metric at 4 significant digits, all of them on hover. */
import type { MetricValue } from '../api/views.ts'
import { metricFull, metricText } from '../format/number.ts'
import { cx } from './class.ts'

export function Metric({
  value,
  className,
}: {
  readonly value: MetricValue | null | undefined
  readonly className?: string
}) {
  const missing = value === null || value === undefined
  return (
    <span title={metricFull(value)} className={cx('nums', missing && 'text-faint', className)}>
      {metricText(value)}
    </span>
  )
}
