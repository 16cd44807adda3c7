/** The map of layers on the command line, on a network that is small. */
import { expect, it } from 'vitest'
import { layers } from '../../../src/cli/layers'
import { UsageError } from '../../../src/cli/usage'

interface Told {
  readonly levels: readonly number[]
  readonly layers: readonly {
    readonly pushes: readonly {
      readonly size: number
      readonly bands: readonly number[]
      readonly where: { readonly shares: readonly number[] }
    }[]
  }[]
  readonly suggestion: { readonly kind: string; readonly layers: readonly number[] }
}

it('tells what each layer does, and which to begin with', async () => {
  const told = JSON.parse(await layers(['tiny', '--images', '1', '--steps', '3', '--threads', '1', '--json'])) as Told
  expect(told.levels).toHaveLength(3)
  expect(told.layers).toHaveLength(7)
  const one = (shares: readonly number[]) => expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
  for (const { size, bands, where } of told.layers.flatMap(({ pushes }) => pushes)) {
    expect(size).toBeGreaterThan(0)
    one(bands)
    one(where.shares)
  }
  expect(told.suggestion).toMatchObject({ kind: 'measured', layers: [2, 3, 4] })
})

it.each([[[]], [['tiny', '--steps', '2']], [['tiny', '--images', 'few']], [['tiny', '--what']]])(
  'wrong arguments are said: %j',
  async (args) => expect(layers(args)).rejects.toThrow(UsageError),
)
