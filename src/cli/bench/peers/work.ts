/**
 * The work that is done beside the engine by plain loops: the graphs as files that hold their weights, and all that a loop over the
 * steps has to know, so that a peer holds nothing of ours but the network.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { normals } from '../../../core/random'
import { offsetWidth } from '../../../engine/row-batch'
import { adapterOf } from '../../../model/adapter'
import { parseManifest } from '../../../model/manifest'
import { meaningOf } from '../../../model/meanings'
import type { DenoiserRow, ModelInfo } from '../../../model/types'
import { ControlInputs } from '../../../network/controls/inputs'
import { insertControls } from '../../../network/controls/insert'
import { EMBEDDING_OFFSET } from '../../../network/handles/types'
import { parseModel, serializeModel } from '../../../network/onnx'
import { attachWeights, readWeights } from '../../../network/weights'
import { noiseLevels } from '../../../sampling/schedule'
import { firstSettings } from '../../../settings'
import type { Settings } from '../../../settings/types'
import { modelFolder } from '../../models'
import { STEPS } from '../visitor'

/** An input of one row; every tensor has the rows before. */
export interface RowInput {
  readonly dims: readonly number[]
  readonly data: readonly number[]
}

export interface WorkStep {
  readonly sigma: number
  readonly next: number
  /** The network gets scale · x + shift; D = skip · x + out · F + offset. */
  readonly scale: number
  readonly shift: number
  readonly skip: number
  readonly out: number
  readonly offset: number
  /** What a row is told beside x: noise level, class. */
  readonly told: Readonly<Record<string, RowInput>>
}

export interface Work {
  readonly plain: string
  readonly controlled: string
  readonly sample: string
  readonly output: string
  /** Of x, without rows. */
  readonly dims: readonly number[]
  readonly x: readonly number[]
  /** The factor on D⁺ − D⁻. */
  readonly guidance: number
  readonly steps: readonly WorkStep[]
  /** What the controlled graph is told besides: neutral values, and PAG's. */
  readonly controls: Readonly<Record<'positive' | 'negative', Readonly<Record<string, RowInput>>>>
}

/** PAG at all layers. The solver of the first settings is Euler's method, which the loops know. */
export function peerSettings(model: ModelInfo, seed: number): Settings {
  const method = { method: 'pag', layers: 'all', scale: 0.5 } as const
  return { ...firstSettings(model), ...method, steps: STEPS, seed, samples: 1 }
}

/** `width`: of the input for offsets of the embedding, which are none here; null where there is no such input. */
function stepsOf(model: ModelInfo, settings: Settings, width: number | null): readonly WorkStep[] {
  const sigmas = noiseLevels(settings.steps, model)
  const classWeights = new Float32Array(model.conditioning.classes.length)
  if (settings.class !== null) classWeights[settings.class] = 1
  return sigmas.slice(0, -1).map((sigma, i) => {
    const level = adapterOf(model).level(sigma)
    const row: DenoiserRow = { x: new Float32Array(), sigma, classWeights, attention: null }
    const told = model.inputs
      .filter(({ meaning }) => meaning !== 'sample')
      .map((input) => {
        const data = Array.from(meaningOf(input.meaning).values(row, input, { model, level, embeddings: null }))
        return [input.name, { dims: input.dims.slice(1).map(Number), data }] as const
      })
    if (width !== null) told.push([EMBEDDING_OFFSET, { dims: [width], data: Array<number>(width).fill(0) }])
    const { in: scale, inOffset: shift, skip, out, offset } = level
    return { sigma, next: sigmas[i + 1]!, scale, shift, skip, out, offset, told: Object.fromEntries(told) }
  })
}

/** Writes graphs and work into a folder, and returns the path of the work. */
export function writeWork(id: string, folder: string, seed: number): { readonly path: string; readonly work: Work } {
  const from = modelFolder(id)
  const read = (file: string) => new Uint8Array(readFileSync(join(from, file)))
  const model = parseManifest(JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8')))
  const graph = () => parseModel(read(model.graph.file))
  const weights = readWeights(graph(), read(model.weights.file))
  const write = (name: string, made: ReturnType<typeof graph>) => {
    attachWeights(made, weights, 'inline')
    writeFileSync(join(folder, name), serializeModel(made))
    return name
  }
  mkdirSync(folder, { recursive: true })
  const plain = write('plain.onnx', graph())
  const changed = graph()
  const layers = insertControls(changed, {
    rows: 'dynamic',
    features: [],
    map: null,
    grids: model.layers,
    form: 'fused',
  })
  const controlled = write('controlled.onnx', changed)
  const inputs = new ControlInputs(layers)
  const controlsOf = (row: DenoiserRow['attention']) =>
    Object.fromEntries(
      Object.entries(inputs.feeds([row], [])).map(([name, { data, dims }]) => {
        return [name, { dims: dims.slice(1), data: Array.from(data) }]
      }),
    )
  const settings = peerSettings(model, seed)
  const { channels, height, width } = model.image
  const steps = stepsOf(model, settings, offsetWidth(graph()))
  const noise = normals(seed, settings.image, channels * height * width)
  const work: Work = {
    plain,
    controlled,
    sample: model.inputs.find(({ meaning }) => meaning === 'sample')!.name,
    output: model.output.name,
    dims: [channels, height, width],
    x: Array.from(noise.map((value) => value * steps[0]!.sigma)),
    guidance: settings.scale,
    steps,
    controls: { positive: controlsOf(null), negative: controlsOf(model.layers.map(() => ({ mix: 1 }))) },
  }
  const path = join(folder, 'work.json')
  writeFileSync(path, JSON.stringify(work))
  return { path, work }
}
