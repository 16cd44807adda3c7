/** Grids that a person gives by hand, for layers whose tokens come in a row: `4x9`, or `0=4x9,2=8x18`. */
import type { TokenGrid } from '../../network/controls/types'
import { guidable, type MapLayer } from '../../network/maps/types'
import { UsageError } from '../usage'

/** One for all layers that need one, or one for each by its number. */
export type Grids =
  | { readonly kind: 'all'; readonly grid: TokenGrid }
  | { readonly kind: 'each'; readonly grids: ReadonlyMap<number, TokenGrid> }

/** Two lengths such as `4x9`. Throws UsageError. */
export function readLengths(flag: string, text: string): TokenGrid {
  const [, height, width] = /^(\d{1,6})[x×](\d{1,6})$/.exec(text.trim()) ?? []
  if (!Number(height) || !Number(width)) throw new UsageError(`--${flag} is height and width, such as 4x9, not ${text}`)
  return { height: Number(height), width: Number(width) }
}

export function readGrids(text: string): Grids {
  if (!text.includes('=')) return { kind: 'all', grid: readLengths('grid', text) }
  const grids = new Map<number, TokenGrid>()
  for (const part of text.split(',')) {
    const [layer = '', grid = ''] = part.split('=')
    if (!/^\s*\d+\s*$/.test(layer))
      throw new UsageError(`--grid is a grid for all layers (4x9), or one for each (0=4x9,2=8x18), not ${text}`)
    grids.set(Number(layer), readLengths('grid', grid))
  }
  return { kind: 'each', grids }
}

const shown = ({ height, width }: TokenGrid) => `${height}x${width}`

/** The layer on its grid; throws UsageError where it has another, or another number of tokens. */
function onGrid(layer: MapLayer, number: number, grid: TokenGrid): MapLayer {
  const { image } = layer
  if (!image) throw new UsageError(`layer ${number} has no tokens of the image, so it takes no grid`)
  if (image.grid)
    throw new UsageError(
      `layer ${number} has the grid ${shown(image.grid)}, which follows from the graph; leave it out of --grid`,
    )
  if (grid.height * grid.width !== image.count)
    throw new UsageError(
      `the grid ${shown(grid)} has ${grid.height * grid.width} places, and layer ${number} ${image.count} tokens`,
    )
  return { ...layer, image: { ...image, grid } }
}

/** Layers with grids that were given. Throws UsageError for one that fits nowhere. */
export function withGrids(
  layers: readonly MapLayer[],
  grids: Grids | null,
): { readonly layers: readonly MapLayer[]; readonly given: ReadonlySet<string> } {
  const given = new Set<string>()
  if (!grids) return { layers, given }
  const guided = layers.filter(guidable)
  const open = (layer: MapLayer) => layer.image !== null && layer.image.grid === null
  const ofLayer = (layer: MapLayer, number: number) => {
    if (grids.kind === 'each') return grids.grids.get(number)
    const { height, width } = grids.grid
    return open(layer) && layer.image?.count === height * width ? grids.grid : undefined
  }
  if (grids.kind === 'each') {
    const odd = [...grids.grids.keys()].find((number) => number >= guided.length)
    if (odd !== undefined)
      throw new UsageError(`--grid names layer ${odd}, and there are ${guided.length} that can be guided, from 0 on`)
  }
  const laid = layers.map((layer) => {
    const number = guided.indexOf(layer)
    const grid = number < 0 ? undefined : ofLayer(layer, number)
    if (!grid) return layer
    given.add(layer.map)
    return onGrid(layer, number, grid)
  })
  if (given.size === 0) {
    const needing = guided.flatMap((layer, number) =>
      open(layer) ? [`layer ${number} has ${layer.image?.count} tokens`] : [],
    )
    throw new UsageError(
      needing.length === 0
        ? 'no layer needs a grid; leave --grid out'
        : `--grid fits no layer that needs one: ${needing.join(', ')}`,
    )
  }
  return { layers: laid, given }
}
