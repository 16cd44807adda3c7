/** How often a property is tried: a little and always the same in `npm test`, as often and as differently as asked in `npm run fuzz`. */
import fc from 'fast-check'

const given = (name: string): number | null => {
  const value = Number(process.env[name] ?? NaN)
  return Number.isInteger(value) && value >= 0 ? value : null
}

/** `runs`: in `npm test`. */
export const tries = (runs: number) => ({ numRuns: given('FUZZ_RUNS') ?? runs, seed: given('FUZZ_SEED') ?? 15 })

const HOSTILE: readonly unknown[] = [
  null,
  true,
  '',
  'x'.repeat(100),
  '__proto__',
  'inf',
  0,
  -1,
  0.5,
  NaN,
  Infinity,
  1e308,
  2 ** 53,
  -(2 ** 31),
  [],
  {},
  [[[]]],
  { length: 1e9 },
]

interface Change {
  readonly at: number
  readonly how: 'replace' | 'remove' | 'double'
  readonly value: unknown
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)

/** A copy with one of its values changed, at any depth. */
function changed(value: unknown, { at, how, value: other }: Change): unknown {
  const root: Record<string, unknown> = { all: structuredClone(value) }
  const places: (readonly [Record<string, unknown>, string])[] = []
  const visit = (within: Record<string, unknown>) => {
    for (const key of Object.keys(within)) {
      places.push([within, key])
      const inner = within[key]
      if (isTree(inner)) visit(inner)
    }
  }
  visit(root)
  const [within, key] = places[at % places.length]!
  if (how === 'replace') within[key] = other
  else if (Array.isArray(within))
    within.splice(Number(key), 1, ...(how === 'remove' ? [] : [within[Number(key)], within[Number(key)]]))
  else if (how === 'remove') Reflect.deleteProperty(within, key)
  else within[`${key}2`] = within[key]
  return root.all
}

/** What is left of a value after a few of its parts were changed. */
export function mutated(of: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom<Change['how']>('replace', 'replace', 'remove', 'double'),
    value: fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 2 })),
  })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce(changed, of))
}

/** Bytes with some of them changed, cut, repeated or put in. */
export function damaged(of: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const change = fc.record({
    at: fc.nat(of.length),
    byte: fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255)),
    how: fc.constantFrom('set', 'set', 'flip', 'cut', 'repeat', 'end'),
    length: fc.nat(40),
  })
  return fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) =>
    changes.reduce<Uint8Array<ArrayBuffer>>((bytes, { at, byte, how, length }) => {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
      if (how === 'end') return bytes.slice(0, Math.max(at, 1))
      if (how === 'cut') return Uint8Array.from([...before, ...after.subarray(length)])
      if (how === 'repeat') return Uint8Array.from([...before, ...after.subarray(0, length), ...after])
      const copy = bytes.slice()
      if (at < copy.length) copy[at] = how === 'set' ? byte : copy[at]! ^ (1 << (byte % 8))
      return copy
    }, Uint8Array.from(of)),
  )
}

/** The work fails with an error of this kind, or not at all; whatever else it throws is a fault. */
export async function failsOnlyWith(kind: new (...given: never[]) => Error, work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof kind)) throw error
  }
}
