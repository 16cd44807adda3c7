/** Where the attention layers stand in the drawing of the network, and what clicks on them choose. Pure. */
import type { AttentionLayer, Stage } from '../../network/types'

export interface LayerPlace {
  readonly layer: AttentionLayer
  /** Centre, as shares of the drawing. */
  readonly x: number
  readonly y: number
  /** Side of the square in rem. */
  readonly side: number
}

const SIDE = { smallest: 1.5, largest: 2.125 }

/** A U: columns in graph order, rows by resolution (fine above), the middle lowest; sides grow with the resolution. */
export function placeLayers(layers: readonly AttentionLayer[]): LayerPlace[] {
  const widths = [...new Set(layers.map(({ width }) => width))].sort((a, b) => b - a)
  const rows = widths.length + (layers.some(({ stage }) => stage === 'middle') ? 1 : 0)
  return layers.map((layer, column) => {
    const row = layer.stage === 'middle' ? rows - 1 : widths.indexOf(layer.width)
    const rank = widths.length > 1 ? widths.indexOf(layer.width) / (widths.length - 1) : 0
    return {
      layer,
      x: (column + 0.5) / layers.length,
      y: rows > 1 ? 0.17 + 0.66 * (row / (rows - 1)) : 0.5,
      side: SIDE.largest + rank * (SIDE.smallest - SIDE.largest),
    }
  })
}

/** Layers chosen after a click: toggles one, or from an anchor sets all between to what the click makes of its own. Ascending. */
export function pickLayers(chosen: readonly number[], index: number, anchor: number | null): number[] {
  const set = new Set(chosen)
  const add = !set.has(index)
  const [from, to] = anchor === null ? [index, index] : [Math.min(anchor, index), Math.max(anchor, index)]
  for (let i = from; i <= to; i++) {
    if (add) set.add(i)
    else set.delete(i)
  }
  return [...set].sort((a, b) => a - b)
}

export function stageLayers(layers: readonly AttentionLayer[], stage: Stage): number[] {
  return layers.filter((layer) => layer.stage === stage).map(({ index }) => index)
}
