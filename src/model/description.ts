/** How a network is asked and what its answer means: what a manifest says of a network beside names and files. Types only. */
export interface ModelFile {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export type KindValues = Readonly<Record<string, number | boolean>>

/** One of a registry's kinds, and its parameters, complete. */
export interface Chosen {
  readonly kind: string
  readonly parameters: KindValues
}

/** What a kind of a registry has to be told, described so that a form can ask for it. */
export type KindParameter =
  | {
      readonly kind: 'number'
      readonly key: string
      readonly label: string
      readonly help: string
      readonly default: number
      readonly min: number
      readonly max: number
      readonly whole?: boolean
    }
  | {
      readonly kind: 'flag'
      readonly key: string
      readonly label: string
      readonly help: string
      readonly default: boolean
    }

/** What people read of a kind; its file adds what it computes. */
export interface KindWords {
  /** In manifests; never changed. */
  readonly id: string
  /** Short name, for menus. */
  readonly name: string
  /** One sentence: which networks are of this kind. */
  readonly help: string
  /** KaTeX. */
  readonly equation: string
  readonly source: { readonly text: string; readonly url: string }
  /** Place in menus, ascending. */
  readonly place: number
  readonly parameters: readonly KindParameter[]
}

export type ElementType = 'float32' | 'float16' | 'int64'

/** `rows`: as many as there are rows in the batch. */
export type InputDimension = number | 'rows'

/** One input of the graph. */
export interface ModelInput {
  /** Its name in the graph. */
  readonly name: string
  /** What it is told: an id of the registry `inputs/`. */
  readonly meaning: string
  readonly dtype: ElementType
  /** Without `rows`: given once for the whole batch, so that only rows that share it run together. */
  readonly dims: readonly InputDimension[]
  /** Of a constant: the values of each row, or one for all. */
  readonly values?: readonly number[]
}

export interface ModelOutput {
  readonly name: string
  /** The output has twice as many channels as x: the second half is a learned variance, and is dropped. */
  readonly learnedVariance: boolean
}

/** x is the latent of an image: decoder(x / factor + shift), in [−1, 1]. */
export interface Latent {
  /** One number, or one for each channel of x. */
  readonly factor: number | readonly number[]
  readonly shift: number | readonly number[]
  /** An ONNX graph from latents to images; null where there is none, and x itself is shown. */
  readonly decoder: { readonly graph: ModelFile; readonly weights: readonly ModelFile[] } | null
}

/** How a network is asked, and what its answer means. */
export interface NetworkDescription {
  /** What the output predicts: a kind of `predictions/`. */
  readonly prediction: Chosen
  /** How x is scaled for the network, and how it is told the noise level: a kind of `schedules/`. */
  readonly schedule: Chosen
  readonly inputs: readonly ModelInput[]
  /** Rows of a graph whose batch is fixed; null where a batch may have any number. */
  readonly fixedRows: number | null
  readonly output: ModelOutput
  /** Values of the images that the network was trained on; x and D are in [−1, 1] all the same. Of latents: −1 to 1, as they are. */
  readonly range: { readonly low: number; readonly high: number }
  readonly latent: Latent | null
  /** Standard deviation of the data, in the units of x. */
  readonly dataDeviation: number
  /**
   * What D is held within, ± so much, before each step of sampling: networks of ε err by σ times as much at high noise, and were sampled
   * so (diffusers' clip_sample). Absent: it is left as it is.
   */
  readonly clip?: number
}

/** What can be asked for. `classes`: names to choose from; `labelDropout`: whether the default network also knows images of none. */
export type Conditioning =
  | {
      readonly kind: 'class'
      readonly labelDropout: boolean
      readonly classes: readonly ModelClass[]
      /** Of a network that is told an index: the index that stands for no class; absent: the number of classes. */
      readonly nullIndex?: number
    }
  /** Texts whose embeddings a file holds; the classes are those that are not empty, and the empty one stands for no class. */
  | {
      readonly kind: 'text'
      readonly labelDropout: boolean
      readonly classes: readonly ModelClass[]
      readonly prompts: readonly string[]
      readonly embeddings: ModelFile
    }
  /** Nothing is asked: the network draws what it draws. */
  | { readonly kind: 'none'; readonly labelDropout: true; readonly classes: readonly [] }

export interface ModelClass {
  readonly name: string
  readonly artist?: string
  readonly licence?: string
  readonly url?: string
}

/** How noise levels are spaced: evenly in σ^(1/ρ) (Karras et al.), or evenly in the time that the network's schedule has. */
export type Spacing = 'karras' | 'time'

/** Noise levels of the default schedule, in the units of x. */
export interface SigmaRange {
  readonly min: number
  readonly max: number
  readonly rho: number
  /** Absent: `karras`. */
  readonly spacing?: Spacing
}
