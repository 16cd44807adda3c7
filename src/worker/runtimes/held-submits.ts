/** One submit where ORT makes one of every sixteen dispatches: what it submits during a task goes to the queue with what comes after it. */

export class HeldSubmits {
  #held: GPUCommandBuffer[] = []
  #holding = false
  readonly #submit: GPUQueue['submit']

  /** Takes the queue's methods over; all else of the device stays as it is. */
  constructor(queue: GPUQueue) {
    this.#submit = queue.submit.bind(queue)
    queue.submit = (buffers) => {
      this.#held.push(...buffers)
      if (!this.#holding) this.flush()
    }
    // What is written or awaited comes after what was submitted before it.
    const { writeBuffer, onSubmittedWorkDone } = queue
    queue.writeBuffer = (...args: Parameters<GPUQueue['writeBuffer']>) => {
      this.flush()
      return writeBuffer.apply(queue, args)
    }
    queue.onSubmittedWorkDone = () => {
      this.flush()
      return onSubmittedWorkDone.apply(queue)
    }
  }

  /** Runs a task whose submits wait for the next one after it; they go at once where it fails. */
  async heldDuring<T>(task: () => Promise<T>): Promise<T> {
    this.#holding = true
    try {
      return await task()
    } catch (error) {
      this.flush()
      throw error
    } finally {
      this.#holding = false
    }
  }

  /** Submits what was held. */
  flush(): void {
    const buffers = this.#held
    this.#held = []
    if (buffers.length > 0) this.#submit(buffers)
  }
}
