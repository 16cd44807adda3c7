/** Starts the workers of the plane. */
import { createWorkers, type Workers } from './workers'

/** One core is left to the page; more workers than a few gain little. */
const workerCount = () => Math.min(3, Math.max(1, navigator.hardwareConcurrency - 1))

const startWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'plane' })

export const startWorkers = (): Workers => createWorkers(workerCount(), startWorker)
