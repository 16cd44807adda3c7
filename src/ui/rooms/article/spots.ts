/** The settings that a figure shows, each a spot: its name, its numbers where it was measured, and its pictures. Pure. */
import type { ModelInfo } from '../../../model/types'
import type { Settings } from '../../../settings/types'
import { along, askedOf, type Evidence, found, keyOf, type Measured, unguided } from './evidence'
import type { Figure, Judged, Line, Lines, Named, Plane, Section, Table } from './section'

export interface Spot {
  readonly label: string
  readonly settings: Settings
  /** Null where it was not measured. */
  readonly measured: Measured | null
}

/** A named thing as a spot; null where the family lacks a network for it. */
export function spotOf(evidence: Evidence, { label, asked }: Named): Spot | null {
  const wanted = asked(evidence.model)
  const settings = wanted && askedOf(evidence, wanted)
  return settings && { label, settings, measured: found(evidence, settings) }
}

/** The curves that were measured, and the names of those that were not. */
export function linesOf(evidence: Evidence, { lines, along: key, shape }: Lines) {
  const all = lines.map(({ label, asked }): Line => {
    const wanted = asked(evidence.model)
    const settings = wanted && askedOf(evidence, wanted)
    return { label, points: settings ? along(evidence, settings, key, shape) : [] }
  })
  return {
    drawn: all.filter(({ points }) => points.length > 1),
    missing: all.filter(({ points }) => points.length <= 1).map(({ label }) => label),
  }
}

export interface Row {
  readonly label: string
  /** Null where the family lacks a network for it. */
  readonly spot: Spot | null
}

/** What a row has for a verdict; null where it was not compared with no guidance. */
export function judgedOf({ label, spot }: Row): Judged | null {
  const against = spot?.measured?.against
  return against ? { label, against } : null
}

export const rowsOf = (evidence: Evidence, { rows }: Table): readonly Row[] =>
  rows(evidence.model).map((named) => ({ label: named.label, spot: spotOf(evidence, named) }))

/** The places of a plane, row by row. */
export function cellsOf(evidence: Evidence, { rows, columns, asked }: Plane) {
  const { model } = evidence
  const shared = asked(model)
  return rows(model).map((row) => ({
    label: row.label,
    cells: columns(model).map((column): Row => {
      const label = `${column.label}, ${row.label}`
      const named = { label, asked: () => shared && { ...shared, ...column.asks, ...row.asks } }
      return { label, spot: spotOf(evidence, named) }
    }),
  }))
}

/** The settings of all that a figure shows. */
function settingsOf(evidence: Evidence, figure: Figure): readonly Settings[] {
  switch (figure.kind) {
    case 'lines':
      return linesOf(evidence, figure).drawn.flatMap(({ points }) => points.map(({ point }) => point.settings))
    case 'table':
      return rowsOf(evidence, figure).flatMap(({ spot }) => spot?.settings ?? [])
    case 'plane':
      return cellsOf(evidence, figure).flatMap(({ cells }) => cells.flatMap(({ spot }) => spot?.settings ?? []))
    default:
      return figure satisfies never
  }
}

/** Everything of which there are pictures, each once, with the same network without guidance before it. */
export function pictured(evidence: Evidence, sections: readonly Section[]): ReadonlyMap<string, Settings> {
  const { model } = evidence
  const all = [...sections]
    .sort((a, b) => a.order - b.order)
    .flatMap(({ figures }) => figures.flatMap((figure) => settingsOf(evidence, figure)))
    .flatMap((settings) => [unguided(settings, model), settings])
  return new Map(all.map((settings) => [keyOf(settings, model), settings]))
}

/** The pictures of the first images of every measurement: classes in turn, seeds from 1. */
export const SHOWN = 3

/** The settings of one of them. */
export const nth = (settings: Settings, index: number, { conditioning }: ModelInfo): Settings => ({
  ...settings,
  class: settings.class === null ? null : index % conditioning.classes.length,
  seed: 1 + index,
  samples: 1,
})
