/**
 * Proves what can be left out round each attention (SLG, STG), that its tokens can change places (TPG), and dropout in the block before it
 * (in-situ), on the graph at hand. The
 * controls are those of `insertMapControls`; what a proof refuses is refused with the reason, and stops nothing else.
 */
import { ControlInputs } from '../controls/inputs'
import type { Feature } from '../controls/types'
import { insertMapControls } from '../maps/insert'
import { attempt, deviation, ROUNDING, rowsOf, singles, type Plain, type ProofRequest } from '../maps/trial'
import { guidable, type Feeds, type MapLayer } from '../maps/types'
import { copyModel } from '../onnx'
import type { AttentionControl } from '../types'
import {
  insertLayerReference,
  layerReferenceFeeds,
  orderedTokens,
  TRIED_DROPOUT,
  TRIED_ORDER,
  type LayerChange,
  type TriedRows,
} from './reference-layers'
import { runAll } from './runs'
import type { LayerHandles, Proved, Refused } from './types'

/** How many times the graph's own error, where it computes in few bits. */
const OWN_ERROR = 5
/** Tokens whose order is tried: a row's matrix has the square of them. */
const MOST_TOKENS = 2048
/** Entries of all such matrices of a row in one graph. */
const MOST_ENTRIES = 2 ** 23

const SKIPS: readonly LayerChange[] = ['attention', 'block']
const DROPOUT: readonly LayerChange[] = ['dropout']
/** What fails beside the others may hold by itself. */
const KINDS: readonly (readonly LayerChange[])[] = [SKIPS, ['tokens'], DROPOUT]

const CONTROL: Readonly<Record<LayerChange, AttentionControl>> = {
  attention: { skip: 'attention' },
  block: { skip: 'block' },
  tokens: { shuffle: TRIED_ORDER },
  dropout: { dropout: TRIED_DROPOUT },
}

const refused = (reason: string): Refused => ({ kind: 'refused', reason })
const percent = (value: number) => `${Number((100 * value).toPrecision(2))} %`

class LayerProver {
  readonly #bound: number

  constructor(
    private readonly request: ProofRequest,
    private readonly own: Plain,
  ) {
    this.#bound = Math.max(ROUNDING, OWN_ERROR * own.ownError)
  }

  /** What a graph gives with these controls at these layers, or with the other way of them, a run for each bunch of rows. */
  async #run(
    layers: readonly MapLayer[],
    changes: readonly LayerChange[],
    bunches: readonly TriedRows[],
    ours: boolean,
  ) {
    const { model, open, feeds, batch, output } = this.request
    const copy = copyModel(model)
    const features = [
      ...(changes.includes('tokens') ? (['shuffle'] as const) : []),
      ...(changes.includes('attention') ? (['skip'] as const) : []),
      ...(changes.includes('dropout') ? (['dropout'] as const) : []),
    ]
    const feedsOf = ours ? this.#controls(copy, layers, features, batch) : this.#other(copy, layers, changes)
    const own = feeds(this.own.size)
    return runAll(
      open,
      copy,
      bunches.map((tried) => ({ ...own, ...feedsOf(tried) })),
      (outputs) => singles(outputs, output),
    )
  }

  #controls(
    copy: ProofRequest['model'],
    layers: readonly MapLayer[],
    features: readonly Feature[],
    batch: number | null,
  ) {
    const controlled = insertMapControls(copy, layers, { rows: batch ?? 'dynamic', features, map: null })
    const inputs = new ControlInputs(controlled)
    return (tried: TriedRows): Feeds => {
      const rows = tried.map((one) => one && controlled.map((_, i) => (i === one.layer ? CONTROL[one.change] : null)))
      const all = Object.entries(inputs.feeds(rows, features))
      return Object.fromEntries(all.map(([name, { data, dims }]) => [name, { type: 'float32' as const, data, dims }]))
    }
  }

  #other(copy: ProofRequest['model'], layers: readonly MapLayer[], changes: readonly LayerChange[]) {
    insertLayerReference(copy, layers, changes)
    return (tried: TriedRows): Feeds => layerReferenceFeeds(layers, changes, tried)
  }

  /** Of each trial whether it does what it should, or why not. */
  async #tried(
    layers: readonly MapLayer[],
    changes: readonly LayerChange[],
    trials: readonly NonNullable<TriedRows[number]>[],
  ): Promise<readonly Proved[]> {
    const { size, whole, dependent, ownError } = this.own
    const room = Math.max(1, size - 1)
    const rest = (rows: TriedRows): TriedRows => [...rows, ...Array<null>(size - rows.length).fill(null)]
    const bunches = Array.from({ length: Math.ceil(trials.length / room) }, (_, i) =>
      rest(trials.slice(i * room, (i + 1) * room)),
    )
    const [neutral, ...found] = await this.#run(layers, changes, [rest([]), ...bunches], true)
    const wanted = await this.#run(layers, changes, bunches, false)
    const still = deviation(neutral!, whole)
    if (!(still <= this.#bound)) throw new Error(`without it the output moves by ${percent(still)} of its deviation`)
    const untouched = rowsOf(neutral!, size)
    return bunches.flatMap((tried, at) => {
      const rows = rowsOf(found[at]!, size)
      const other = rowsOf(wanted[at]!, size)
      const heard = tried.some((one, i) => one === null && deviation(rows[i]!, untouched[i]!) > this.#bound)
      return tried.flatMap((one, i): readonly Proved[] => {
        if (!one) return []
        if (heard && !dependent && ownError === 0) return [refused('the rows beside it move, too')]
        const error = deviation(rows[i]!, other[i]!)
        if (!(error <= this.#bound)) return [refused(`the output is off by ${percent(error)} of its deviation`)]
        const effect = deviation(rows[i]!, untouched[i]!)
        return [effect > this.#bound ? { kind: 'proved', effect } : refused('it changes nothing in the output')]
      })
    })
  }

  /** The same, each layer by itself where all together fail. */
  async prove(layers: readonly MapLayer[], changes: readonly LayerChange[]): Promise<readonly Partial<LayerHandles>[]> {
    const asked = ({ branches }: MapLayer, change: LayerChange) => {
      if (change === 'dropout') return branches.convolution !== null
      return change === 'tokens' || branches[change].kind === 'found'
    }
    const trials = layers.flatMap((layer, i) =>
      changes.filter((change) => asked(layer, change)).map((change) => ({ layer: i, change })),
    )
    if (trials.length === 0) return layers.map(() => ({}))
    const results = await attempt(() => this.#tried(layers, changes, trials))
    if (typeof results !== 'string')
      return layers.map((_, i) =>
        Object.fromEntries(trials.flatMap(({ layer, change }, at) => (layer === i ? [[change, results[at]!]] : []))),
      )
    const [only] = layers
    const kinds = KINDS.filter((kind) => kind.every((change) => changes.includes(change)))
    if (layers.length === 1 && only && kinds.length > 1) {
      let all: Partial<LayerHandles> = {}
      for (const kind of kinds) all = { ...all, ...(await this.prove([only], kind))[0] }
      return [all]
    }
    if (layers.length === 1) {
      const reason = results.split('\n')[0]!
      return [Object.fromEntries(trials.map(({ change }) => [change, refused(reason)]))]
    }
    const each: Partial<LayerHandles>[] = []
    for (const layer of layers) each.push(...(await this.prove([layer], changes)))
    return each
  }
}

/** Layers whose matrices fit into one graph together. */
function groups(layers: readonly MapLayer[]): readonly (readonly MapLayer[])[] {
  const all: MapLayer[][] = []
  let entries = Infinity
  for (const layer of layers) {
    const own = orderedTokens(layer).count ** 2
    if (entries + own > MOST_ENTRIES) {
      all.push([])
      entries = 0
    }
    all.at(-1)!.push(layer)
    entries += own
  }
  return all
}

/** The handles of each layer that can be guided, in their order. `own`: what the graph gives as it came. */
export async function proveLayers(request: ProofRequest, own: Plain): Promise<readonly LayerHandles[]> {
  const guided = request.layers.filter(guidable)
  const prover = new LayerProver(request, own)
  const isSmall = (layer: MapLayer) => orderedTokens(layer).count <= MOST_TOKENS
  const large = guided.filter((layer) => !isSmall(layer))
  const results = new Map<MapLayer, Partial<LayerHandles>>()
  const tried = async (layers: readonly MapLayer[], changes: readonly LayerChange[]) => {
    for (const [i, handles] of (await prover.prove(layers, changes)).entries()) results.set(layers[i]!, handles)
  }
  for (const group of groups(guided.filter(isSmall))) await tried(group, KINDS.flat())
  if (large.length > 0) await tried(large, [...SKIPS, ...DROPOUT])
  const left = (layer: MapLayer, change: 'attention' | 'block'): Proved => {
    const branches = layer.branches[change]
    return branches.kind === 'refused' ? branches : (results.get(layer)?.[change] ?? refused('it was not tried'))
  }
  return guided.map((layer) => ({
    attention: left(layer, 'attention'),
    block: left(layer, 'block'),
    tokens:
      results.get(layer)?.tokens ??
      refused(`the order of ${orderedTokens(layer).count} tokens, at ${layer.node}, takes too large a matrix`),
    dropout:
      results.get(layer)?.dropout ??
      refused(
        'dropout has no place: no residual block in front of the attention ends in a convolution of all channels',
      ),
  }))
}
