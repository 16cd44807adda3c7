/** What the plane is to everything that knows models: its networks, classes and noise levels, as a manifest would say them. Pure. */
import type { FamilyEntry, ModelFile, ModelInfo, NetworkInfo, NetworkRole } from '../model/types'
import { ownDescription } from '../model/own'
import { parametersOfShape, type Shape } from './network'

export const PLANE = 'plane'
/** The network that is none: the exact answer, from the mixture itself. */
export const EXACT = 'exact'

/** A network in `models/plane/networks.json`, as models/plane/train/export.py writes it. */
interface NetworkEntry {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly hidden: number
  readonly layers: number
  readonly labelDropout: boolean
  readonly tunedFrom?: string
  /** Points seen in training. */
  readonly samples: number
  readonly sha256: string
}

/** `models/plane/weights.json`: of each network its parameters, float32, little-endian, in base64. */
export type WeightsFile = Readonly<Record<string, string>>

export interface PlaneFile {
  readonly sigmaData: number
  readonly sigma: ModelInfo['sigma']
  readonly embedding: { readonly noiseDeviation: number; readonly classDeviation: number }
  readonly networks: readonly NetworkEntry[]
}

const ROLES: readonly NetworkRole[] = ['main', 'snapshot', 'small', 'dropout', 'unconditional', 'sims']

function roleOf({ id, role }: NetworkEntry): NetworkRole {
  const known = ROLES.find((one) => one === role)
  if (!known) throw new RangeError(`network ${id} of the plane has the unknown role ${role}`)
  return known
}

export const shapeOf = ({ hidden, layers }: NetworkEntry, classes: number): Shape => ({ hidden, layers, classes })

/** Networks of one shape can be combined; nothing is fetched by these names. */
const graphOf = ({ hidden, layers }: NetworkEntry): ModelFile => {
  const name = `${hidden}-${layers}`
  return { file: name, bytes: 0, sha256: name }
}

const weightsName = (id: string) => `${id}.weights`

export const networkOfWeights = (file: string) => file.replace(/\.weights$/, '')

function networkInfo(entry: NetworkEntry, classes: number): NetworkInfo {
  const parameters = parametersOfShape(shapeOf(entry, classes))
  return {
    id: entry.id,
    name: entry.name,
    role: roleOf(entry),
    graph: graphOf(entry),
    weights: { file: weightsName(entry.id), bytes: 4 * parameters, sha256: entry.sha256 },
    parameters,
    flops: 2 * parameters,
    heads: [],
    labelDropout: entry.labelDropout,
    ...(entry.tunedFrom !== undefined && { tunedFrom: entry.tunedFrom }),
    samples: entry.samples,
    sigmaRel: null,
    averages: [],
  }
}

/** The exact answer beside the networks: it knows each class, and none. Last, so that no method takes it by itself. */
function exactInfo(samples: number): NetworkInfo {
  const file: ModelFile = { file: weightsName(EXACT), bytes: 0, sha256: 'ea'.repeat(32) }
  return {
    id: EXACT,
    name: 'The exact answer',
    role: 'main',
    graph: { ...file, file: EXACT },
    weights: file,
    parameters: 0,
    flops: 0,
    heads: [],
    labelDropout: true,
    samples,
    sigmaRel: null,
    averages: [],
  }
}

const FAMILY: FamilyEntry = {
  sentence: 'Points of two trees of Gaussians in the plane, where the exact answer is known.',
  order: 2000,
  hidden: false,
  thumbnail: null,
  unnamedInLinks: false,
}

const IMAGE = { channels: 2, height: 1, width: 1 }

/** What the room opens with. */
const FIRST = { method: 'autoguidance', steps: 32, class: 0, seed: 1 }

/** Where it was measured to help both trees: a smaller network guides, as in the paper's figure 2. */
const STARTS = { autoguidance: { scale: 2, weak: 'small' }, sims: { scale: 2 } }

/** Throws RangeError for a file that names no network `main` first. */
export function planeModel(file: PlaneFile, classes: readonly string[]): ModelInfo {
  const networks = file.networks.map((entry) => networkInfo(entry, classes.length))
  const [main] = networks
  if (main?.id !== 'main') throw new RangeError('the first network of the plane must have the id main')
  return {
    id: PLANE,
    name: 'The plane',
    licence: 'MIT',
    family: FAMILY,
    first: FIRST,
    chosen: null,
    judge: null,
    evaluation: null,
    graph: main.graph,
    weights: main.weights,
    golden: null,
    image: IMAGE,
    ...ownDescription(IMAGE, classes.length, file.sigmaData),
    sigma: file.sigma,
    conditioning: {
      kind: 'class',
      labelDropout: main.labelDropout,
      classes: classes.map((name) => ({ name })),
    },
    embedding: { width: 16, ...file.embedding },
    starts: { class: STARTS, none: {} },
    networks: [...networks, exactInfo(main.samples)],
    crops: [],
    brought: null,
    vision: null,
    renders: null,
    layers: [],
    parameters: main.parameters,
    flops: main.flops,
  }
}
