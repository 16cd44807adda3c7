/** Signals that end others. `AbortSignal.any` would do it, but browsers have it only since 2024. Pure. */

/** A controller that `signal` aborts, too. Where what it is for ends by itself, abort it, and the signal lets go of it. */
export function abortedWith(signal: AbortSignal): AbortController {
  const controller = new AbortController()
  const { signal: own } = controller
  if (signal.aborted) controller.abort(signal.reason)
  else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true, signal: own })
  return controller
}
