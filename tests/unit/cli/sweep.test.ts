/** What evaluate says at each value of one setting. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { evaluate } from '../../../src/cli/evaluate'
import { sweep } from '../../../src/cli/sweep'
import type { Metrics } from '../../../src/evaluation/metrics'

beforeAll(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterAll(() => void vi.restoreAllMocks())

const own = [
  '--model',
  'tiny',
  '--judge',
  'avatars',
  '--method',
  'pag',
  '--steps',
  '2',
  '--samples',
  '4',
  '--threads',
  '1',
]

it('gives evaluate’s own numbers at each value, also below 0', async () => {
  const rows: readonly (Metrics & { readonly scale: string })[] = JSON.parse(
    await sweep([...own, '--of', 'scale=-0.5,1', '--json']),
  )
  expect(rows.map(({ scale }) => scale)).toEqual(['-0.5', '1'])
  for (const { scale, ...metrics } of rows)
    expect(metrics).toEqual(JSON.parse(await evaluate([...own, `--scale=${scale}`, '--json'])))
  expect(rows[0]!.frechet.value).not.toBe(rows[1]!.frechet.value)
})

it.each([
  [[], 'KEY=V1,V2'],
  [['--of', 'colour=1'], 'KEY=V1,V2'],
  [['--of', 'scale='], 'names no value'],
  [['--of', 'scale=1', '--images', 'x'], 'give one of'],
  [['--of', 'scale=1', '--samples', '2'], 'at least 4'],
])('says what is wrong with %j', async (argv, why) => {
  await expect(sweep(argv)).rejects.toThrow(why)
})
