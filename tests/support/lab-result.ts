/** A judged point of the lab, of which a test says what it is about. */
import type { Result } from '../../src/lab/result'

export const labResult = (
  values: Result['values'],
  metrics: Result['metrics'],
  more: Partial<Result> = {},
): Result => ({
  id: '0123456789abcdef',
  values,
  preset: { method: 'seg', window: [0, 'inf'], note: 'a "b", c' },
  seed: 1,
  images: 500,
  metrics,
  rows: 16_000,
  seconds: null,
  judge: 'a',
  source: { main: 'b' },
  made: '',
  by: 'cli',
  ...more,
})
