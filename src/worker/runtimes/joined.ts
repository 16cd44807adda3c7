/** A runtime's WebAssembly out of its parts: hosts take files of 25 MiB at most, and one runtime is larger. */

/** The parts one after the other, as one answer that can be compiled while it comes. Rejects where a part does not come. */
async function joined(parts: readonly string[], ask: typeof fetch): Promise<Response> {
  // All are asked for at once; each is read when its turn comes.
  const bodies = await Promise.all(
    parts.map(async (part) => {
      const response = await ask(part, { credentials: 'same-origin' })
      if (!response.ok || !response.body) throw new Error(`the server answered ${response.status} for a part of it`)
      return response.body.getReader()
    }),
  )
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      for (let reader = bodies[0]; reader; reader = bodies[0]) {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        bodies.shift()
      }
      controller.close()
    },
  })
  return new Response(stream, { headers: { 'Content-Type': 'application/wasm' } })
}

/**
 * Runs `start`, in which whoever fetches `address` gets the parts. ORT's glue compiles while it fetches, but takes an address only
 * and has no other door: so its worker's `fetch` is another one for the time.
 */
export async function withJoined<T>(address: string, parts: readonly string[], start: () => Promise<T>): Promise<T> {
  const native = self.fetch
  const ask: typeof fetch = (input, init) => native.call(self, input, init)
  self.fetch = (input, init) => (input === address ? joined(parts, ask) : ask(input, init))
  try {
    return await start()
  } finally {
    self.fetch = native
  }
}
