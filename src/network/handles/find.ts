/** Finds and proves all that guidance takes hold of in anybody's graph beside its maps: the embedding, the layers' branches and order, the level told. */
import { GraphEditor } from '../editor'
import { measured } from '../maps/measure'
import { deviation, plain, ROUNDING, rowsOf, singles, type Plain, type ProofRequest } from '../maps/trial'
import type { GraphTensor } from '../maps/types'
import { findEmbedding } from './embedding'
import { proveEmbedding } from './prove'
import { proveLayers } from './prove-layers'
import { runAll } from './runs'
import type { EmbeddingHandle, HandleSearch, LayerHandles, Proved } from './types'

export interface Handles {
  /** TSG; ICG's Gaussian condition. */
  readonly embedding: EmbeddingHandle
  /** Of the layers that can be guided, in their order: SLG, STG, S², TPG. */
  readonly layers: readonly LayerHandles[]
  /** Self-Guidance tells another noise level. Nothing of the graph is changed for it. */
  readonly noise: Proved
}

/** Another level for the first row: near its own, and one that a table of steps has. */
function otherLevel(tensor: GraphTensor): GraphTensor {
  const copy = structuredClone(tensor)
  switch (copy.type) {
    case 'int64':
      copy.data[0] = copy.data[0]! > 0n ? copy.data[0]! / 2n : 1n
      return copy
    case 'int32':
    case 'float32':
      copy.data[0] =
        copy.data[0] === 0
          ? 1
          : Math.trunc(copy.data[0]!) === copy.data[0]
            ? Math.trunc(copy.data[0] / 2)
            : copy.data[0]! / 2
      return copy
    case 'float16':
      // Half of a half, but for its exponent's bits, is the one before.
      copy.data[0] = copy.data[0]! > 0x400 ? copy.data[0]! - 0x400 : 0x3c00
      return copy
    case 'bool':
      return copy
    default:
      return copy satisfies never
  }
}

/** Does the level that a row is told change what it gives, and nothing else? */
async function proveNoise(search: HandleSearch, own: Plain): Promise<Proved> {
  const { noise, open, original, feeds, output } = search
  if (noise === null) return { kind: 'refused', reason: 'the network is told no noise level' }
  const given = feeds(own.size)
  const told = { ...given, [noise]: otherLevel(given[noise]!) }
  const [changed] = await runAll(open, original, [told], (outputs) => singles(outputs, output))
  const [after, before] = [rowsOf(changed!, own.size), rowsOf(own.whole, own.size)]
  const effect = deviation(after[0]!, before[0]!)
  if (!(effect > ROUNDING))
    return { kind: 'refused', reason: `another value of ${noise} changes nothing in the output` }
  const shared = given[noise]!.dims[0] !== own.size
  const heard = !shared && own.size > 1 && deviation(after.at(-1)!, before.at(-1)!) > ROUNDING
  if (heard && !own.dependent) return { kind: 'refused', reason: `what a row is told by ${noise} moves the other rows` }
  return { kind: 'proved', effect }
}

/** `model` is as `findMaps` left it, and `layers` what it found. Rejects with what the runtime rejects with where the graph does not run. */
export async function findHandles(
  search: HandleSearch & Pick<ProofRequest, 'layers' | 'most' | 'onRun'>,
): Promise<Handles> {
  const { model } = search
  const found = findEmbedding(new GraphEditor(model), await measured(search), search)
  const own = await plain(search)
  return {
    embedding: await proveEmbedding(search, own, found),
    layers: await proveLayers(search, own),
    noise: await proveNoise(search, own),
  }
}
