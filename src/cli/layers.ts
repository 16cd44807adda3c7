/** `npm run -s layers -- MODEL [--images N] [--steps N] [--json]`: what PAG does at each attention layer, and which to begin with. */
import { parseArgs } from 'node:util'
import { layerMap, type LayerMap } from '../evaluation/layers/map'
import { suggestLayers, type Suggestion } from '../evaluation/layers/suggestion'
import type { ModelInfo } from '../model/types'
import { noiseLevels } from '../sampling/schedule'
import { wholeNumber } from './network/arguments'
import { loadNamedModel } from './node-model'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run -s layers -- MODEL [--images 4] [--steps 16] [--threads N] [--json]

Maps a network's attention layers: what PAG at each of them alone does to the prediction at a high, a middle and a low noise level,
along the network's own way without guidance. And which layers to begin with, and why.

  MODEL       a family of models/, or the folder of any network
  --images N  images that it is summed over
  --steps N   noise levels of the way, at least 3
  --json      all of it, with where in the picture (shares of the energy, row by row)

Size is the push's root mean square in parts of the prediction's. Bands are shares of its energy below 1/16, 1/8 and 1/4 of a cycle a pixel,
and above. Exit status: 0 done, 1 something failed, 2 the arguments are wrong.`

const percent = (value: number) => `${(100 * value).toFixed(1)} %`.padStart(8)

function table({ layers: names }: ModelInfo, { levels, layers }: LayerMap, suggestion: Suggestion | null): string {
  const width = Math.max(...names.map(({ name }) => name.length))
  const lines = layers.flatMap((pushes, i) =>
    pushes.map(({ size, bands }, at) => {
      const name = at === 0 ? `${String(i).padStart(3)}  ${names[i]!.name.padEnd(width)}` : ' '.repeat(width + 5)
      const sigma = `σ ${Number(levels[at]!.toPrecision(3))}`.padEnd(8)
      return `${name}  ${sigma} ${percent(size)}   ${bands.map(percent).join(' ')}`
    }),
  )
  const head = `${' '.repeat(width + 5)}           ${'size'.padStart(8)}   bands, coarse to fine`
  const said = suggestion
    ? `Begin with ${suggestion.layers.join(', ')}: ${suggestion.reason}`
    : 'PAG does nothing at any layer, so there is none to begin with.'
  return [head, ...lines, '', said].join('\n')
}

export async function layers(argv: readonly string[]): Promise<string> {
  const { values, positionals } = read(argv)
  if (values.help) return HELP
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0) throw new UsageError('name one model, such as avatars (--help explains)')
  const number = (flag: 'images' | 'steps' | 'threads', otherwise: number) =>
    values[flag] === undefined ? otherwise : wholeNumber(flag, values[flag])
  const steps = number('steps', 16)
  const images = number('images', 4)
  if (steps < 3) throw new UsageError('--steps is at least 3: a high, a middle and a low noise level')
  if (images < 1) throw new UsageError('--images is at least 1')
  const { model, denoiser, dispose } = await loadNamedModel(name, { threads: number('threads', 0) })
  try {
    if (model.layers.length === 0) throw new UsageError(`${name} has no attention layers that can be guided`)
    const map = await layerMap({ denoiser, levels: noiseLevels(steps, model).slice(0, -1), images })
    const suggestion = suggestLayers(map, model.layers)
    if (!values.json) return table(model, map, suggestion)
    const told = map.layers.map((pushes, layer) => ({
      layer,
      name: model.layers[layer]!.name,
      pushes: pushes.map(({ where, ...push }) => ({ ...push, where: { ...where, shares: Array.from(where.shares) } })),
    }))
    return JSON.stringify({ levels: map.levels, layers: told, suggestion }, null, 2)
  } finally {
    await dispose()
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        images: { type: 'string' },
        steps: { type: 'string' },
        threads: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

if (process.argv[1]?.endsWith('layers.ts')) await runCommand(layers)
