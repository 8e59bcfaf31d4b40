/**
 * A process that writes to a store until it is killed, and prints each acknowledgement after it came: `<events> <records
 * offset> <points>`. When the store fails, it prints why, and why the next call failed, and ends. Run by
 * durability.test.ts and full-disk.test.ts as `node writer-to-kill.ts DIR POINTS_PER_APPEND`.
 */
import { writeSync } from 'node:fs'
import { openStore } from '../open.ts'

const [dir = '', size = '1'] = process.argv.slice(2)
const attempt = 'ex.train.1.1'
const store = await openStore({ dir })
let { records: offset } = (await store.offsets([attempt]))[attempt] ?? { records: 0 }
let step = (await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: 1 }))[0]?.total ?? 0

async function more(): Promise<void> {
  const steps = Array.from({ length: Number(size) }, (_, i) => step + i)
  const data = Buffer.from(`${offset};`.repeat(10))
  const [commit, results] = await Promise.all([
    store.commit({
      entries: [
        {
          event: { type: 'attempt-reported', attempt, step, metric: step, time: step },
          changes: [],
          actions: [{ type: 'forget', agent: 'a1', attempt }],
          command: null,
        },
      ],
    }),
    store.append([
      {
        attempt,
        stream: 'records',
        offset,
        data,
        points: ['loss', 'rate'].map(tag => ({ tag, steps, times: steps, values: steps })),
        others: [],
      },
    ]),
  ])
  step += steps.length
  offset = results[0]?.next ?? offset
  writeSync(1, `${commit.last} ${offset} ${step}\n`)
}

for (;;) {
  try {
    await more()
  } catch (error) {
    const next = await store.outboxDone([1]).catch(e => e)
    writeSync(1, `${(error as { code?: string }).code} ${next?.code}\n`)
    break
  }
}
