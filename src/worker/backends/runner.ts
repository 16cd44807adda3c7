import type { BackendDefinition } from '../backend'

/** The processor through this project's own network runner, on several cores where the page may share memory. */
export const runner: BackendDefinition = {
  id: 'runner',
  name: 'the processor',
  label: 'Processor',
  help: 'By this page’s own code, the fastest there.',
  order: 2,
  together: 1,
  refusal: () => null,
  threads: (available) => available,
  lanes: true,
  runtime: 'runner',
}
