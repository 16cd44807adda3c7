/**
 * Renders the avatars data set: ten DiceBear styles, one class each, 64×64 RGB on a pastel background.
 *
 *   npx tsx models/avatars/train/generate.ts --split train --count 6000 --out .cache/avatars/train
 *
 * writes OUT.u8 (uint8 [count × 10, 3, 64, 64]) and OUT.labels (uint8 [count × 10]), classes interleaved.
 * A split is a prefix of the DiceBear seed, so that `heldout` seeds are never seen in training.
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
  'adventurer', 'avataaars', 'bigSmile', 'bottts', 'funEmoji',
  'lorelei', 'micah', 'openPeeps', 'personas', 'toonHead',
] as const

const BACKGROUNDS = ['b6e3f4', 'c0aede', 'd1d4f9', 'ffd5dc', 'ffdfbf', 'c7f0d2']

/** One avatar as planar RGB bytes [3, SIZE, SIZE]; transparent pixels become white. */
export function renderAvatar(style: (typeof STYLES)[number], seed: string): Uint8Array {
  const avatar = createAvatar(collection[style] as Style<object>, { seed, size: SIZE, backgroundColor: BACKGROUNDS })
  const { pixels } = new Resvg(avatar.toString(), { fitTo: { mode: 'width', value: SIZE } }).render()
  const planar = new Uint8Array(3 * SIZE * SIZE)
  for (let i = 0; i < SIZE * SIZE; i++) {
    // resvg gives premultiplied RGBA, so white shows through by adding what alpha leaves.
    const rest = 255 - pixels[4 * i + 3]!
    for (let channel = 0; channel < 3; channel++) {
      planar[channel * SIZE * SIZE + i] = Math.min(255, pixels[4 * i + channel]! + rest)
    }
  }
  return planar
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      split: { type: 'string', default: 'train' },
      count: { type: 'string', default: '6000' },
      out: { type: 'string' },
    },
  })
  const count = Number(values.count)
  const out = values.out ?? `.cache/avatars/${values.split}`
  if (!Number.isInteger(count) || count < 1) throw new Error('--count must be a positive whole number of seeds')
  mkdirSync(dirname(out), { recursive: true })
  const stream = createWriteStream(`${out}.u8`)
  const labels = new Uint8Array(count * STYLES.length)
  const started = Date.now()
  for (let i = 0; i < count; i++) {
    for (const [label, style] of STYLES.entries()) {
      labels[i * STYLES.length + label] = label
      if (!stream.write(renderAvatar(style, `${values.split}-${i}`))) {
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
}

if (process.argv[1]?.endsWith('generate.ts')) await main()
