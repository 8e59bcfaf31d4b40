/** Plans every hostile file in a thread whose memory is bounded; says for each what it was refused for. Started by `hostile.test.ts`. */
import { parentPort } from 'node:worker_threads'
import { HOSTILE } from './hostile.ts'
import { planText } from './plan-text.ts'

const refused = Object.entries(HOSTILE).map(([name, text]) => [name, planText(text).problems[0]?.rule ?? null])
parentPort?.postMessage(refused)
