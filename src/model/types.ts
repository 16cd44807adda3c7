/** What a model is, and what it means to evaluate it. No ORT, no DOM. */
import type { LayerBranches } from '../network/left-out'
import type { MapLayer } from '../network/maps/types'
import type { AttentionControl, AttentionLayer } from '../network/types'
import type { Conditioning, ModelFile, NetworkDescription, SigmaRange } from './description'

export type { ModelClass, ModelFile } from './description'

/** What a family says of itself to people and menus. */
export interface FamilyEntry {
  /** One sentence: what it draws. */
  readonly sentence: string
  /** Place in menus; the first one is the default. */
  readonly order: number
  /** For tests: in no menu, but a link may name it. */
  readonly hidden: boolean
  /** A picture of it, a file of its folder. */
  readonly thumbnail: string | null
  /** Links of versions 1 and 2 leave this family's name out. */
  readonly unnamedInLinks: boolean
}

/** Parts of a preset, as its file says them. */
export type Start = Readonly<Record<string, StartValue>>
type StartValue = number | string | boolean | readonly (number | string)[]

/** Seeds on which guidance did well or badly, as shares of those that were tried. */
export interface SeedShares {
  /** Seeds whose guided picture is the better one by the criterion. */
  readonly helps: number
  /** Seeds whose guided picture is the worse one. The rest is neither. */
  readonly harms: number
}

/** For each class a seed that was chosen since guidance repairs its picture, and how it was found (`npm run seeds`). */
export interface ChosenSeeds extends SeedShares {
  /** The preset that they were chosen with, without class and seed. */
  readonly preset: Start
  /** What makes one picture better than another, in words. */
  readonly criterion: string
  /** Of each class the seeds 1 to this were tried. */
  readonly tried: number
  /** In the order of the classes. */
  readonly classes: readonly (SeedShares & { readonly seed: number })[]
}

/** A validated model manifest (`models/<id>/manifest.json`); `manifest.ts` is its parser. */
export interface ModelInfo extends NetworkDescription {
  readonly id: string
  readonly name: string
  readonly licence: string
  readonly family: FamilyEntry
  /** The preset that the page opens with where the address says nothing; parts of it, or nothing at all. */
  readonly first: Start
  /** Null where nobody searched. */
  readonly chosen: ChosenSeeds | null
  /**
   * Who judges the family's images: the file that describes the judge (`src/evaluation/judge.ts` reads it) and the folder that it is in
   * (families of like images may share a judge), bytes of what that names, and what its Fréchet distance is called. Null: nobody.
   */
  readonly judge: {
    readonly family: string
    readonly file: string
    readonly bytes: number
    readonly metric: string
  } | null
  /** The file of what was measured of the family (`src/evaluation/published.ts` reads it), or null. */
  readonly evaluation: string | null
  /** Graph and weights of the default network, `networks[0]`. */
  readonly graph: ModelFile
  readonly weights: ModelFile
  /** Inputs and the output the engine's start-up check must reproduce; see `GoldenCase`. Null: there are none, and nothing is checked. */
  readonly golden: ModelFile | null
  readonly image: { readonly channels: number; readonly height: number; readonly width: number }
  /** Noise levels of the default schedule. */
  readonly sigma: SigmaRange
  /** `labelDropout` is that of the default network. */
  readonly conditioning: Conditioning
  /**
   * The graph's input `embedding_offset` [rows, width], added to the embedding of noise level and class; null where the graph has none.
   * Deviations: standard deviation over the entries of the noise embedding, and of the class table (null where that is not known).
   */
  readonly embedding: {
    readonly width: number
    readonly noiseDeviation: number
    readonly classDeviation: number | null
  } | null
  /** Where methods start, by id: what was measured to be their best, for images of a class and for those of none. */
  readonly starts: {
    readonly class: Readonly<Record<string, Start>>
    readonly none: Readonly<Record<string, Start>>
  }
  /** The family: all networks that predict the same images. The first is the default; its id is `main`. */
  readonly networks: readonly NetworkInfo[]
  /** Graphs of the default network's weights for smaller images (sliding windows), largest first; empty where the size is fixed. */
  readonly crops: readonly { readonly height: number; readonly width: number; readonly graph: ModelFile }[]
  /** A self-supervised vision transformer of the same images, for SAG's mask; null where there is none. */
  readonly vision: {
    readonly graph: ModelFile
    readonly weights: ModelFile
    readonly height: number
    readonly width: number
  } | null
  /**
   * Pictures of the kind that the networks learned from, which none of them saw: a PNG of `rows` pictures of each class, a column a
   * class. `look`: what to look at to tell drawn images from them. Null: there are none to compare with.
   */
  readonly renders: { readonly sheet: ModelFile; readonly rows: number; readonly look: string | null } | null
  readonly layers: readonly AttentionLayer[]
  /** Of a network that somebody brought, whose layers are found and proved where it is opened; null: the manifest names them. */
  readonly brought: Brought | null
  readonly parameters: number
  /** Multiply-adds times two, for one row. */
  readonly flops: number
}

export interface Brought {
  /** Token grids told by hand, [height, width], by the place of the guided layer in graph order. */
  readonly grids: Readonly<Record<string, readonly [number, number]>>
  /** The maps at which controls act, once it was opened; null: at queries, keys and values, which was proved to be the same, and is faster. */
  readonly maps: readonly MapLayer[] | null
  /** What can be left out round each guided layer; null: it is not known. */
  readonly branches: readonly LayerBranches[] | null
  /** Whether layers were looked for: a network may be used as it came before they are. */
  readonly searched: boolean
}

/**
 * What a network is to the others: the same network earlier, smaller, with an unconditional branch, trained without classes, or tuned
 * on its own samples; or a second one that somebody brought beside theirs, which is run as it came: nothing acts inside it.
 */
export type NetworkRole = 'main' | 'snapshot' | 'small' | 'dropout' | 'unconditional' | 'sims' | 'second'

/** One network of a family: a graph and weights. Networks of one graph share its file, so that only weights are fetched. */
export interface NetworkInfo {
  readonly id: string
  /** What people read, such as `Main after 1/8 of its training`. */
  readonly name: string
  readonly role: NetworkRole
  readonly graph: ModelFile
  /** The graph itself where it holds its weights. */
  readonly weights: ModelFile
  /** Further files of weights, of the names that the graph has for them; `weights` then is the one of its name. Absent: none. */
  readonly otherWeights?: readonly ModelFile[]
  /** What it gave where it was opened, which a device has to give before it is used; absent: the model's own answers are enough. */
  readonly golden?: ModelFile
  readonly parameters: number
  readonly flops: number
  /** Heads of each attention layer, in graph order: a smaller network has as many layers, and fewer heads. A second one has none. */
  readonly heads: readonly number[]
  /** Trained with its class dropped at times, or always: it knows the null condition (all class weights zero). */
  readonly labelDropout: boolean
  /** Of a copy tuned on its own samples: the network that it was a copy of; absent: the default network. */
  readonly tunedFrom?: string
  /** Images seen in training; those of fine-tuning count from where it began. */
  readonly samples: number
  /** Length of the shipped weights' average; null where it was no power function of training time. */
  readonly sigmaRel: number | null
  /** Stored averages from which other lengths are synthesised (`src/core/ema.ts`); empty where they can't be. */
  readonly averages: readonly StoredAverage[]
}

/** A power-function average of the weights, as tracked in training: of relative width `sigmaRel`, after `samples` images. */
export interface StoredAverage {
  readonly sigmaRel: number
  readonly samples: number
  readonly weights: ModelFile
}

/** The weights of one prediction. */
export interface NetworkRef {
  /** `NetworkInfo.id`. */
  readonly id: string
  /** Length of the average, σ_rel, synthesised from the stored ones; absent: the shipped weights. */
  readonly sigmaRel?: number
  /** Neon (arXiv 2510.03597): weights (1 + w) θ − w θ_against. */
  readonly neon?: { readonly against: string; readonly w: number }
}

/** Equal text for equal weights. */
export function networkKey({ id, sigmaRel, neon }: NetworkRef): string {
  return `${id}${sigmaRel === undefined ? '' : ` ema ${sigmaRel}`}${neon ? ` neon ${neon.against} ${neon.w}` : ''}`
}

/** One batch row: what the network is asked. */
export interface DenoiserRow {
  /** Noisy image x_t, [channels × height × width], planar, in data units (data in [−1, 1]). */
  readonly x: Float32Array
  /** Noise level, standard deviation in data units. */
  readonly sigma: number
  /** Weight of each class, [conditioning.classes]; one-hot for a class, all zero for the null condition. */
  readonly classWeights: Float32Array
  /** Per layer in graph order; null leaves all layers alone. */
  readonly attention: readonly (AttentionControl | null)[] | null
  /** Whose weights; absent: the default network. */
  readonly network?: NetworkRef
  /** The noise level that the network is told, where it is not `sigma`; preconditioning keeps `sigma`. */
  readonly toldSigma?: number
  /** Added to the embedding of noise level and class, [model.embedding.width]. */
  readonly embeddingOffset?: Float32Array
  /** Size of `x`, one of `model.crops`; absent: the model's image. */
  readonly size?: { readonly height: number; readonly width: number }
}

/** One evaluation of a course; a solver may take several to a step of the schedule. */
export interface CourseStep {
  /** What is asked in one evaluation, each at one of the step's points. */
  readonly rows: readonly (Omit<DenoiserRow, 'x' | 'size'> & { readonly point: number })[]
  /**
   * The points of the next step: each is a sum of this step's points and of D of its rows, whose shares it has in this order. What no row is
   * asked at is carried for later steps.
   */
  readonly next: readonly Float32Array[]
}

/** What a run will ask, where no number decides it: whoever knows the points of a step can go ahead. All rows are of one network. */
export type Course = readonly CourseStep[]

/** Of one evaluation. */
export interface CoursePlace {
  readonly course: Course
  readonly step: number
}

/** Evaluates D(x; σ, class). Rows are independent of each other and returned in order, as new arrays. */
export interface Denoiser {
  readonly model: ModelInfo
  /** Whether it makes use of a course, and then would rather be asked everything than what nobody kept. Absent: no. */
  readonly goesAhead?: boolean
  /**
   * How many images the `x` of a row holds, one after the other: of images so small that a row each would cost more than they do
   * (points of the plane). What is drawn for a row is drawn for all of them. Absent: one.
   */
  readonly imagesPerRow?: number
  /** `place`: the rows are those of this step. */
  evaluate(rows: readonly DenoiserRow[], place?: CoursePlace): Promise<Float32Array[]>
  /** The same with what one attention layer did. That layer is computed in the open form, so `denoised` may differ from `evaluate` in rounding. */
  readAttention(rows: readonly DenoiserRow[], layer: number): Promise<AttentionReading[]>
}

export interface AttentionReading {
  readonly denoised: Float32Array
  /** Effective map, mean over heads, [tokens × tokens], rows sum to 1. */
  readonly map: Float32Array
  /** Attention each token receives under each head, [heads × tokens]; the mean over tokens is 1. */
  readonly received: Float32Array
}

/** A vision transformer that says where an image's content is: SAG's masking strategy "DINO". */
export interface VisionModel {
  /** Attention of the class token to each patch of an image in [−1, 1], mean over heads: [height × width] each. */
  saliency(
    images: readonly Float32Array[],
  ): Promise<{ readonly height: number; readonly width: number; readonly maps: readonly Float32Array[] }>
}

/** Attention maps of one layer for one batch of rows: the effective map, mean over heads, [tokens × tokens], rows sum to 1. */
export interface AttentionProbe {
  attentionMaps(rows: readonly DenoiserRow[], layer: number): Promise<Float32Array[]>
}
