/** The thread beside the page in which texts are read: a hostile one keeps nobody from typing. Started by `startWorker`. */
import { makeClerk, type ToClerk } from './answer.ts'

const clerk = makeClerk(message => self.postMessage(message))
self.onmessage = (event: MessageEvent<ToClerk>) => clerk(event.data)
