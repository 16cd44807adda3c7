/** What a manifest among the files says of a network, in the place of a guess. Pure. */
import type { ProposedDescription } from '../../model/guess'
import { parseManifest } from '../../model/manifest'
import type { Conditioning, ModelFile } from '../../model/description'
import type { ModelInfo } from '../../model/types'
import type { Told } from './messages'

interface Named {
  readonly name: string
  readonly json: unknown
}

/** Whether it is a manifest of this application, right or wrong. */
export function isManifest(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && 'format' in json && 'graph' in json && 'image' in json
}

function proposed(conditioning: Conditioning): ProposedDescription['conditioning'] {
  switch (conditioning.kind) {
    case 'class':
      return { kind: 'class', labelDropout: conditioning.labelDropout, count: conditioning.classes.length }
    case 'text':
      return { kind: 'text' }
    case 'none':
      return { kind: 'none' }
    default:
      return conditioning satisfies never
  }
}

function describe(model: ModelInfo): ProposedDescription {
  const { image, sigma, conditioning, prediction, schedule, inputs, fixedRows, output, range, latent } = model
  const { dataDeviation, clip } = model
  const told = { image, sigma, prediction, schedule, inputs, fixedRows, output, range, dataDeviation }
  return {
    ...told,
    ...(clip !== undefined && { clip }),
    // Its decoder is a file, which has to be brought as well.
    latent: latent && { ...latent, decoder: null },
    conditioning: proposed(conditioning),
  }
}

/** `sha256`: of the graph, where it is asked for. A manifest of another file, or a wrong one, is left out, and `notes` say why. */
export function toldBy(
  configs: readonly Named[],
  sha256: () => string,
): {
  readonly told: Told | null
  /** Graphs of second networks that the manifest lists. */
  readonly named: readonly ModelFile[]
  readonly notes: readonly string[]
} {
  const notes: string[] = []
  for (const { name, json } of configs) {
    if (!isManifest(json)) continue
    try {
      const model = parseManifest(json)
      if (model.graph.sha256 !== sha256()) {
        notes.push(`${name} was left out, as it describes another file (SHA-256 ${model.graph.sha256.slice(0, 12)}…).`)
        continue
      }
      const grids = model.brought?.grids ?? {}
      return {
        told: {
          description: describe(model),
          named: {
            name: model.name,
            ...(model.conditioning.classes.length > 0 && {
              classes: model.conditioning.classes.map((one) => one.name),
            }),
            ...(Object.keys(grids).length > 0 && {
              grids: Object.fromEntries(
                Object.entries(grids).map(([index, [height, width]]) => [index, [height, width]]),
              ),
            }),
          },
        },
        named: model.networks.flatMap(({ role, graph }) => (role === 'second' ? [graph] : [])),
        notes,
      }
    } catch (error) {
      notes.push(`${name} was left out: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { told: null, named: [], notes }
}
