/** An engine whose code comes later: what is asked of it until then waits, in its order. */
import { messageOf } from '../../core/failure'
import type { Engine, EngineListener } from '../../worker/protocol'

type Create = (listener: EngineListener) => Engine

/** `load` gives what makes the engine; where it rejects the listener hears of it, and the next start asks again. */
export function laterEngine(listener: EngineListener, load: () => Promise<Create>): Engine {
  let engine: Engine | null = null
  let disposed = false
  let coming: Promise<Engine> | null = null
  let waiting: ((engine: Engine) => unknown)[] = []
  /** Runs that wait: the engine counts them in the same way. */
  let runs = 0

  async function bring(): Promise<Engine> {
    const create = await load()
    if (disposed) throw new Error('the engine was disposed')
    engine = create(listener)
    for (const call of waiting.splice(0)) call(engine)
    return engine
  }

  function come(): Promise<Engine> {
    coming ??= bring().catch((error: unknown) => {
      coming = null
      waiting = []
      const message = `The part of the page that starts the engine did not come: ${messageOf(error)}.`
      const failure = {
        code: 'download-failed',
        message,
        remedy: 'Check the connection and try again.',
        retryable: true,
      } as const
      if (!disposed) listener({ kind: 'failed', failure })
      throw error
    })
    return coming
  }

  function tell(call: (engine: Engine) => unknown): void {
    if (engine) return void call(engine)
    waiting.push(call)
    // Where it does not come, the listener heard.
    void come().catch(() => undefined)
  }

  return {
    start: (...given) => tell((own) => own.start(...given)),
    run: (...given) => {
      if (engine) return engine.run(...given)
      tell((own) => own.run(...given))
      return ++runs
    },
    cancel: () => tell((own) => own.cancel()),
    attentionMap: async (...given) => (await come()).attentionMap(...given),
    useVision: async (...given) => (await come()).useVision(...given),
    draw: async (...given) => (await come()).draw(...given),
    foresee: async (...given) => (await come()).foresee(...given),
    judge: async (...given) => (await come()).judge(...given),
    decode: async (...given) => (await come()).decode(...given),
    dispose: () => {
      disposed = true
      engine?.dispose()
    },
  }
}
