/**
 * `npm run seeds -- MODEL`: finds for each class of a model a seed on which guidance, as the model's first picture has it, repairs the
 * picture, and writes it into the manifest, with the shares of all tried seeds on which guidance helps and harms.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encode } from 'fast-png'
import { filmStrip, fromByte } from '../core/image'
import type { Judge } from '../evaluation/judge'
import type { RealStatistics } from '../evaluation/metrics'
import { changeBetween, clearest, conditionOf, CRITERION, sharesOf, type Repair } from '../evaluation/repair'
import type { ChosenSeeds, ModelInfo } from '../model/types'
import { firstSettings, OWN } from '../settings'
import { judgeOf, loadJudge, realStatistics } from './evaluate/judge'
import { progress } from './evaluate/progress'
import { modelFolder } from './models'
import { loadNodeModel } from './node-model'
import { FIRST_SEED, pairsOf, type Pair } from './seeds/draw'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run seeds -- MODEL [--tried N] [--threads N] [--sheet FILE]

Draws the seeds 1 to N (default 100) of every class without and with guidance, as the model's first picture has it, and writes the
seed with the clearest repair of each class into the manifest. What was drawn is kept in .cache/MODEL/seeds: the same command goes on
where it was stopped, also to a larger N.

  --sheet FILE   a PNG of the three clearest repairs of each class, a column a class; each without guidance, and with it below`

const CACHE = join(import.meta.dirname, '../../.cache')
/** Of each class, on the sheet. */
const SHOWN = 3

/** A class's pairs and what is thought of them, in the order of seeds. */
interface Tried {
  readonly pairs: readonly Pair[]
  readonly repairs: readonly Repair[]
}

const toImage = (bytes: Uint8Array) => Float32Array.from(bytes, fromByte)

/** Judges both pictures of each pair. */
export async function repairsOf(
  pairs: readonly Pair[],
  judge: Judge,
  real: RealStatistics,
  { image }: ModelInfo,
): Promise<readonly Repair[]> {
  const pictures = pairs.flatMap(({ unguided, guided }) => [unguided, guided])
  const judged = await judge.judge(pictures.map(toImage), image)
  const conditions = judged.map(({ features }, i) => conditionOf(features, pictures[i]!, real, image))
  return pairs.map(({ unguided, guided }, i) => ({
    unguided: conditions[2 * i]!,
    guided: conditions[2 * i + 1]!,
    change: changeBetween(unguided, guided),
  }))
}

/** What the manifest says of seeds. Throws UsageError where guidance repairs none of a class's pictures. */
export function chosenOf(tried: readonly (readonly Repair[])[], model: ModelInfo): ChosenSeeds {
  const { class: _class, seed: _seed, ...preset } = model.first
  const rounded = (repairs: readonly Repair[]) => {
    const { helps, harms } = sharesOf(repairs)
    return { helps: Number(helps.toFixed(3)), harms: Number(harms.toFixed(3)) }
  }
  return {
    preset,
    criterion: CRITERION,
    tried: tried[0]?.length ?? 0,
    ...rounded(tried.flat()),
    classes: tried.map((repairs, label) => {
      const [place] = clearest(repairs)
      const { name } = model.conditioning.classes[label]!
      if (place === undefined) throw new UsageError(`guidance repairs no picture of ${name}: try more seeds`)
      return { seed: FIRST_SEED + place, ...rounded(repairs) }
    }),
  }
}

/** The clearest repairs of each class, a column a class; below each picture without guidance the one with it. */
function writeSheet(file: string, tried: readonly Tried[], { image }: ModelInfo): void {
  const blank = new Float32Array(image.channels * image.height * image.width).fill(1)
  const rows = Array.from({ length: SHOWN }, (_, rank) =>
    (['unguided', 'guided'] as const).map((which) =>
      tried.map(({ pairs, repairs }) => {
        const pair = pairs[clearest(repairs)[rank] ?? pairs.length]
        return pair ? toImage(pair[which]) : blank
      }),
    ),
  ).flat()
  const data = new Uint8Array(Buffer.concat(rows.map((images) => filmStrip(images, image))))
  writeFileSync(
    file,
    encode({ width: tried.length * image.width, height: rows.length * image.height, channels: 3, data }),
  )
}

/** Puts an entry into a manifest, after `first`, beside which it belongs. */
function writeChosen(file: string, chosen: ChosenSeeds): void {
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof manifest !== 'object' || manifest === null) throw new UsageError(`${file} is no object`)
  const entries = Object.entries(manifest).filter(([key]) => key !== 'chosen')
  const after = entries.findIndex(([key]) => key === 'first') + 1
  const written = Object.fromEntries([...entries.slice(0, after), ['chosen', chosen], ...entries.slice(after)])
  writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`)
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      tried: { type: 'string', default: '100' },
      threads: { type: 'string', default: '1' },
      sheet: { type: 'string' },
    },
  })
  const [id, ...rest] = positionals
  const [tried, threads] = [Number(values.tried), Number(values.threads)]
  const counts =
    Number.isInteger(tried) && tried >= 1 && tried <= OWN.seed.max && Number.isInteger(threads) && threads >= 0
  if (id === undefined || rest.length > 0 || !counts) throw new UsageError(HELP)
  return { id, tried, threads, sheet: values.sheet ?? null }
}

export async function seeds(argv: readonly string[]): Promise<string> {
  const { id, tried: count, threads, sheet } = readArguments(argv)
  const folder = modelFolder(id)
  const about = judgeOf(id)
  const real = realStatistics(about)
  const loaded = await loadNodeModel(folder, { threads })
  const judge = await loadJudge(about, threads)
  const { model } = loaded
  const { classes } = model.conditioning
  const tell = progress(count * classes.length)
  const tried: Tried[] = []
  try {
    for (const label of classes.keys()) {
      const settings = { ...firstSettings(model), class: label, samples: 1 }
      const pairs = await pairsOf(loaded, settings, count, CACHE, (done) => tell(label * count + done))
      tried.push({ pairs, repairs: await repairsOf(pairs, judge, real, model) })
    }
  } finally {
    await loaded.dispose()
    await judge.dispose()
  }
  const chosen = chosenOf(
    tried.map(({ repairs }) => repairs),
    model,
  )
  writeChosen(join(folder, 'manifest.json'), chosen)
  if (sheet !== null) writeSheet(sheet, tried, model)
  const lines = chosen.classes.map(({ seed, helps, harms }, label) => {
    const { unguided, guided } = tried[label]!.repairs[seed - FIRST_SEED]!
    const both = (of: 'distance' | 'smudged') => `${of} ${unguided[of].toFixed(3)} > ${guided[of].toFixed(3)}`
    return `${classes[label]!.name}: seed ${seed}, ${both('distance')}, ${both('smudged')}; helps ${helps}, harms ${harms}`
  })
  return [...lines, `all: helps ${chosen.helps}, harms ${chosen.harms}`].join('\n')
}

if (process.argv[1]?.endsWith('seeds.ts')) await runCommand(seeds)
