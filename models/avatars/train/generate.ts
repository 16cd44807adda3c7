/**
 * Renders the avatars data set: ten DiceBear styles, one class each, 64×64 RGB on a pastel background.
 *
 *   npx tsx models/avatars/train/generate.ts --split train --count 6000 --out .cache/avatars/train
 *
 * writes OUT.u8 (uint8 [count × 10, 3, 64, 64]) and OUT.labels (uint8 [count × 10]), classes interleaved.
 * A split is a prefix of the DiceBear seed, so that `heldout` seeds are never seen in training. With --attributes also
 * OUT.attributes.json, what the generator drew: for each style the names of its features and their values, and
 * OUT.attributes (uint8 [count × 10, width]), the value's index under each feature of the avatar's style, 255 for none.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { createAvatar, type Style } from '@dicebear/core'
import * as collection from '@dicebear/collection'
import { Resvg } from '@resvg/resvg-js'

export const SIZE = 64

/** The classes, in the order of the model's class index. Licences: see models/avatars/README.md. */
export const STYLES = [
  'adventurer',
  'avataaars',
  'bigSmile',
  'bottts',
  'funEmoji',
  'lorelei',
  'micah',
  'openPeeps',
  'personas',
  'toonHead',
] as const

const BACKGROUNDS = ['b6e3f4', 'c0aede', 'd1d4f9', 'ffd5dc', 'ffdfbf', 'c7f0d2']

/** What the generator drew, by feature: `background` and the style's own, such as `hair`. Gradients are not used, so their facts go. */
type Features = Readonly<Record<string, string>>

/** One avatar as planar RGB bytes [3, SIZE, SIZE]; transparent pixels become white. */
export function renderAvatar(
  style: (typeof STYLES)[number],
  seed: string,
): { readonly planar: Uint8Array; readonly features: Features } {
  const avatar = createAvatar(collection[style] as Style<object>, { seed, size: SIZE, backgroundColor: BACKGROUNDS })
  const { primaryBackgroundColor: background, ...extra } = avatar.toJson().extra as Record<string, unknown>
  const own = Object.entries(extra).filter(
    ([key]) => !/^(secondaryBackgroundColor|background(Type|Rotation|Color))$/.test(key),
  )
  const features = Object.fromEntries(
    [['background', background] as const, ...own].map(([key, value]) => [key, String(value)]),
  )
  const { pixels } = new Resvg(avatar.toString(), { fitTo: { mode: 'width', value: SIZE } }).render()
  const planar = new Uint8Array(3 * SIZE * SIZE)
  for (let i = 0; i < SIZE * SIZE; i++) {
    // resvg gives premultiplied RGBA, so white shows through by adding what alpha leaves.
    const rest = 255 - pixels[4 * i + 3]!
    for (let channel = 0; channel < 3; channel++) {
      planar[channel * SIZE * SIZE + i] = Math.min(255, pixels[4 * i + channel]! + rest)
    }
  }
  return { planar, features }
}

/** Collects features as numbers: values are numbered in the order in which they appear. */
class AttributeTable {
  readonly #features = STYLES.map(() => new Map<string, string[]>())
  readonly #rows: number[][] = []

  add(style: number, features: Features): void {
    const known = this.#features[style]!
    const row: number[] = []
    for (const [name, value] of Object.entries(features)) {
      if (!known.has(name)) known.set(name, [])
      const values = known.get(name)!
      if (!values.includes(value)) values.push(value)
      row[[...known.keys()].indexOf(name)] = values.indexOf(value)
    }
    this.#rows.push(row)
  }

  write(out: string): void {
    const width = Math.max(...this.#features.map(({ size }) => size))
    const table = new Uint8Array(this.#rows.length * width).fill(255)
    this.#rows.forEach((row, i) => row.forEach((value, j) => void (table[i * width + j] = value)))
    writeFileSync(`${out}.attributes`, table)
    const classes = STYLES.map((name, i) => ({
      name,
      features: [...this.#features[i]!].map(([name, values]) => ({ name, values })),
    }))
    writeFileSync(`${out}.attributes.json`, JSON.stringify({ width, classes }, null, 1) + '\n')
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      split: { type: 'string', default: 'train' },
      count: { type: 'string', default: '6000' },
      out: { type: 'string' },
      attributes: { type: 'boolean', default: false },
    },
  })
  const count = Number(values.count)
  const out = values.out ?? `.cache/avatars/${values.split}`
  if (!Number.isInteger(count) || count < 1) throw new Error('--count must be a positive whole number of seeds')
  mkdirSync(dirname(out), { recursive: true })
  const stream = createWriteStream(`${out}.u8`)
  const labels = new Uint8Array(count * STYLES.length)
  const attributes = new AttributeTable()
  const started = Date.now()
  for (let i = 0; i < count; i++) {
    for (const [label, style] of STYLES.entries()) {
      labels[i * STYLES.length + label] = label
      const { planar, features } = renderAvatar(style, `${values.split}-${i}`)
      attributes.add(label, features)
      if (!stream.write(planar)) {
        await new Promise<void>((resolve) => stream.once('drain', () => resolve()))
      }
    }
    if ((i + 1) % 500 === 0) {
      const perSecond = ((i + 1) * STYLES.length) / ((Date.now() - started) / 1000)
      console.log(`${(i + 1) * STYLES.length} avatars, ${perSecond.toFixed(0)} a second`)
    }
  }
  await new Promise<void>((resolve) => stream.end(() => resolve()))
  writeFileSync(`${out}.labels`, labels)
  if (values.attributes) attributes.write(out)
}

if (process.argv[1]?.endsWith('generate.ts')) await main()
