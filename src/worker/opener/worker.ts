/** Entry of the worker that opens people's models. */
import { fetchWasm, sessionOptions, startWasm } from '../runtimes/start-wasm'
import { parseOrder } from './messages'
import { ModelOpener } from './opener'

const opener = new ModelOpener({
  // The files of a network are too large to be copied, and nothing here needs them any more.
  post: (answer) =>
    self.postMessage(answer, {
      transfer: 'files' in answer ? [...new Set(Object.values(answer.files).map(({ buffer }) => buffer))] : [],
    }),
  start: async (threads, onBegin) => {
    await fetchWasm()
    onBegin()
    return { runtime: await startWasm(threads), sessionOptions }
  },
  now: () => performance.now(),
})

self.addEventListener('message', ({ data }) => {
  // An unknown message makes this throw, and the page hears of it by the worker's error event.
  void opener.handle(parseOrder(data))
})
