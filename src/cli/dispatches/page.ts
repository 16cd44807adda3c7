/** The page of `npm run dispatches`: asks a worker with WebGPU. Never part of the built site. */
import type { Counted, Order } from './worker'

const count = (order: Omit<Order, 'base'>): Promise<Counted> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'dispatches' })
    worker.addEventListener('message', ({ data }: MessageEvent<Counted | string>) => {
      worker.terminate()
      if (typeof data === 'string') reject(new Error(data))
      else resolve(data)
    })
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.postMessage({ ...order, base: new URL(`models/${order.model}/`, document.baseURI).href })
  })

declare global {
  interface Window {
    countDispatches: typeof count
  }
}

window.countDispatches = count
