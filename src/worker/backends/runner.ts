import type { BackendDefinition } from '../backend'

/** The processor through this project's own network runner, on several cores where the page may share memory. */
export const runner: BackendDefinition = {
  id: 'runner',
  name: 'the page’s own runner',
  label: 'Own runner',
  help: 'The processor, by code of this page’s own: the fastest there. What it can’t compute goes to WASM.',
  order: 2,
  together: 1,
  refusal: () => null,
  threads: (available) => available,
  runtime: 'runner',
}
