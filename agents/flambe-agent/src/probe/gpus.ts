/** GPUs by nvidia-smi, those only that CUDA_VISIBLE_DEVICES leaves to this agent. None when there is no nvidia-smi. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Gpu {
  readonly index: number
  readonly name: string
  /** Bytes. */
  readonly memory: number
}

export interface GpuLoad {
  readonly index: number
  /** 0..1 */
  readonly use: number
  /** Bytes in use. */
  readonly memory: number
}

const MIB = 1024 * 1024

/** `detail` says why there are none, or which driver. */
export async function findGpus(): Promise<{ readonly gpus: readonly Gpu[]; readonly detail: string }> {
  const rows = await query('index,uuid,name,memory.total,driver_version')
  if (typeof rows === 'string') return { gpus: [], detail: rows }
  const visible = process.env.CUDA_VISIBLE_DEVICES?.split(',').map(one => one.trim())
  const seen = rows.filter(
    ([index = '', uuid = '']) => visible === undefined || visible.includes(index) || visible.includes(uuid),
  )
  return {
    gpus: seen.map(([index, , name, memory]) => ({
      index: Number(index),
      name: (name ?? '').slice(0, 200),
      memory: Math.round(Number(memory) * MIB) || 0,
    })),
    detail: `driver ${rows[0]?.[4] ?? 'unknown'}${seen.length < rows.length ? `, ${rows.length - seen.length} hidden by CUDA_VISIBLE_DEVICES` : ''}`,
  }
}

export async function gpuLoad(gpus: readonly Gpu[]): Promise<readonly GpuLoad[]> {
  if (gpus.length === 0) return []
  const rows = await query('index,utilization.gpu,memory.used')
  if (typeof rows === 'string') return []
  return rows
    .map(([index, use, memory]) => ({
      index: Number(index),
      use: Math.min(1, Math.max(0, Number(use) / 100)) || 0,
      memory: Math.round(Number(memory) * MIB) || 0,
    }))
    .filter(load => gpus.some(gpu => gpu.index === load.index))
}

async function query(fields: string): Promise<readonly (readonly string[])[] | string> {
  try {
    const { stdout } = await promisify(execFile)(
      'nvidia-smi',
      [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'],
      { timeout: 10_000 },
    )
    return stdout
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => line.split(',').map(cell => cell.trim()))
  } catch (error) {
    const failure = error as NodeJS.ErrnoException & { stderr?: string }
    return failure.code === 'ENOENT'
      ? 'nvidia-smi is not installed'
      : (failure.stderr || failure.message).trim().slice(0, 300)
  }
}
