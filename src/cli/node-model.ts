/** Loads a model from disk for onnxruntime-node on the CPU: the same engine as in the browser, for the command line and tests. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ImageSize } from '../core/image'
import { FamilyDenoiser } from '../engine/family'
import { parseGolden, type GoldenCase } from '../engine/golden'
import { ManifestError, parseManifest } from '../model/manifest'
import { LatentDecoder } from '../engine/latent-decoder'
import { OnnxDenoiser } from '../engine/onnx-denoiser'
import type { ModelFile, ModelInfo, VisionModel } from '../model/types'
import { OnnxVision } from '../engine/vision'
import { isBroughtFolder, modelFolder } from './models'
import { openFolder } from './opened-model'

export interface Pictures {
  readonly images: readonly Float32Array[]
  readonly size: ImageSize
}

export interface NodeModel {
  readonly model: ModelInfo
  /** Reads the files of further networks when a row first asks for them. */
  readonly denoiser: FamilyDenoiser
  /** Reads its files when it is first asked; null where the model has none. */
  readonly vision: VisionModel | null
  /** What people look at: the images themselves, or what the model's decoder makes of latents. */
  readonly pictures: (images: readonly Float32Array[]) => Promise<Pictures>
  /** Empty where the model has none. */
  readonly golden: readonly GoldenCase[]
  dispose(): Promise<void>
}

export interface NodeModelOptions {
  /** Threads of one run; 0 or none lets the runtime choose. */
  readonly threads?: number
  readonly form?: 'fused' | 'open'
}

const MAX_ROWS = 16
/** Bytes of prepared weights, and as many again in the runtime: two dozen networks of the size that is shipped. */
const BUDGET = 1280 * 2 ** 20

function readChecked(dir: string, { file, bytes, sha256 }: ModelFile): Uint8Array {
  const path = join(dir, file)
  const data = readFileSync(path)
  if (data.byteLength !== bytes)
    throw new ManifestError(`${path} has ${data.byteLength} bytes, not ${bytes}. Fetch or export the model again.`)
  if (createHash('sha256').update(data).digest('hex') !== sha256) {
    throw new ManifestError(
      `${path} is not the file that manifest.json describes (its SHA-256 differs). Fetch or export the model again.`,
    )
  }
  return data
}

function visionOf(dir: string, { vision, image }: ModelInfo, sessionOptions: InferenceSession.SessionOptions) {
  if (!vision) return null
  let loaded: Promise<OnnxVision> | null = null
  const load = () =>
    (loaded ??= OnnxVision.create({
      graph: readChecked(dir, vision.graph),
      weights: readChecked(dir, vision.weights),
      image,
      runtime: { InferenceSession, Tensor },
      sessionOptions,
    }))
  return {
    saliency: async (images: readonly Float32Array[]) => (await load()).saliency(images),
    release: async () => (await loaded)?.release(),
  }
}

/** Reads the decoder when it is first asked. */
function picturesOf({ model, read }: Pick<Parts, 'model' | 'read'>, sessionOptions: InferenceSession.SessionOptions) {
  const { latent, image } = model
  if (!latent?.decoder)
    return { of: async (images: readonly Float32Array[]) => ({ images, size: image }), release: null }
  const { graph, weights } = latent.decoder
  let loaded: Promise<LatentDecoder> | null = null
  const load = () =>
    (loaded ??= LatentDecoder.create({
      graph: read(graph),
      weights: Object.fromEntries(weights.map((file) => [file.file, read(file)])),
      latent,
      image,
      runtime: { InferenceSession, Tensor },
      sessionOptions,
    }))
  const of = async (latents: readonly Float32Array[]): Promise<Pictures> => {
    const decoder = await load()
    const images: Float32Array[] = []
    let size: ImageSize = image
    for (const x of latents) {
      const { image: picture, height, width } = await decoder.decode(x)
      images.push(picture)
      size = { channels: picture.length / (height * width), height, width }
    }
    return { images, size }
  }
  return { of, release: async () => (await loaded)?.release() }
}

interface Parts {
  readonly model: ModelInfo
  readonly read: (file: ModelFile) => Uint8Array
  readonly vision: ReturnType<typeof visionOf>
}

async function prepared({ model, read, vision }: Parts, { threads, form }: NodeModelOptions): Promise<NodeModel> {
  const denoiser = new FamilyDenoiser({
    model,
    read: async (file) => read(file),
    create: (request) =>
      new OnnxDenoiser({
        ...request,
        runtime: { InferenceSession, Tensor },
        sessionOptions: sessionOptionsOf(threads),
        batch: { kind: 'dynamic' },
        maxRows: MAX_ROWS,
        ...(form && { form }),
      }),
    budget: BUDGET,
  })
  await denoiser.prepare()
  const pictures = picturesOf({ model, read }, sessionOptionsOf(threads))
  const dispose = async () => {
    await denoiser.dispose()
    await vision?.release()
    await pictures.release?.()
  }
  const golden = model.golden ? parseGolden(read(model.golden), model) : []
  return { model, denoiser, vision, pictures: pictures.of, golden, dispose }
}

const sessionOptionsOf = (threads = 0) => ({ executionProviders: ['cpu'], intraOpNumThreads: threads })

/**
 * Reads the folder of a model and checks the files of its default network; others are read and checked when a row first asks
 * for them. Throws ManifestError, GraphError, GoldenError, or what reading files throws; so do later evaluations.
 */
export async function loadNodeModel(dir: string, options: NodeModelOptions = {}): Promise<NodeModel> {
  const model = parseManifest(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')))
  const vision = visionOf(dir, model, sessionOptionsOf(options.threads))
  return prepared({ model, read: (file) => readChecked(dir, file), vision }, options)
}

/** A model that somebody named: a family of this disk by its id, or the folder of any network. Rejects with UsageError where there is neither. */
export async function loadNamedModel(name: string, options: NodeModelOptions = {}): Promise<NodeModel> {
  if (!isBroughtFolder(name)) return loadNodeModel(modelFolder(name), options)
  const { model, files } = await openFolder(name, options.threads)
  const read = ({ file }: ModelFile) => {
    const bytes = files[file]
    if (!bytes) throw new ManifestError(`${name} has no file ${file}`)
    return bytes
  }
  return prepared({ model, read, vision: null }, options)
}
