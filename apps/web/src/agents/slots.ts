/** An agent's CPUs as squares, each filled by the share that trials hold of it. */

/** Fill of each square, 0..1, left to right; the last square is a part when the agent offers a fraction. */
export function slotFills(cpu: number, used: number, most = 64): number[] {
  const count = Math.min(Math.ceil(cpu), most)
  const each = cpu / Math.max(1, Math.ceil(cpu))
  return Array.from({ length: count }, (_, i) => Math.min(1, Math.max(0, used / each - i)))
}
