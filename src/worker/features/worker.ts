/** Entry of the worker that computes a paper's metrics. */
import { sessionOptions, startWasm } from '../runtimes/start-wasm'
import { parseOrder } from './messages'
import { FeatureService } from './service'

let started: ReturnType<typeof startWasm> | null = null

const service = new FeatureService({
  post: (answer) => self.postMessage(answer),
  // The engine has the other cores, and pictures come from there one batch after another.
  start: async () => ({ runtime: await (started ??= startWasm(1)), sessionOptions }),
})

self.addEventListener('message', ({ data }) => {
  // An unknown message makes this throw, and the page hears of it by the worker's error event.
  void service.handle(parseOrder(data))
})
