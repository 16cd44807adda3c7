/** The sweep files that are shipped: each is one that the family can draw, has the points of its figure, and finds what was measured of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelFolder, readModel } from '../../../src/cli/models'
import { SCHEMA, SWEEP_SCHEMA, sweepSchemaText } from '../../../src/cli/schema'
import { readArguments } from '../../../src/cli/sweep/arguments'
import { openSweep, type OpenedSweep } from '../../../src/cli/sweep/opened'
import { storedOf } from '../../../src/cli/sweep/stored'
import { drawnOf, pointId } from '../../../src/lab/point'
import { parseSweep } from '../../../src/lab/sweep'
import { parsePreset, withoutStarts } from '../../../src/settings'
import type { Figure } from '../../../src/ui/rooms/article/section'
import { sections } from '../../../src/ui/rooms/article/sections/index.generated'

const FOLDER = join(import.meta.dirname, '../../../public/sweeps')
const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''))
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const model = readModel('avatars')

/** The point of a preset, whatever methods start with on the family now. */
function idOf(preset: Readonly<Record<string, unknown>>): string | null {
  const result = parsePreset({ model: model.id, ...preset }, withoutStarts(model))
  if (!result.ok) return null
  const settings = drawnOf(result.settings, model)
  return pointId(settings, model, !('class' in preset))
}

const opened = new Map<string, OpenedSweep>()
beforeAll(async () => {
  for (const name of names) {
    const args = readArguments([join(FOLDER, `${name}.json`)])
    if (args && 'given' in args) opened.set(name, await openSweep(args))
  }
})

describe('the schema of sweeps', () => {
  it('is what the code says, and knows the files that are shipped', () => {
    expect(readFileSync(SWEEP_SCHEMA, 'utf8'), 'run npm run registries and commit the result').toBe(sweepSchemaText())
    const check = new Ajv2020({ strict: false, schemas: { 'preset.schema.json': json(SCHEMA) as object } }).compile(
      json(SWEEP_SCHEMA) as object,
    )
    for (const name of names) {
      const sweep = json(join(FOLDER, `${name}.json`))
      expect(check(sweep), `${name}: ${JSON.stringify(check.errors)}`).toBe(true)
      expect(check({ ...(sweep as object), preset: { scal: 1 } }), name).toBe(false)
      expect(parseSweep(sweep).images, name).toBeGreaterThanOrEqual(2000)
    }
    expect(check({ title: 'No key', axes: [{ key: 'colour', values: '1' }], images: 5 })).toBe(false)
  })
})

describe('a sweep of the article', () => {
  it.each(names)('%s can be drawn to the last cell', (name) => {
    for (const { cell } of opened.get(name)!.entries)
      expect([cell.kind, cell.unused], JSON.stringify(cell)).toEqual(['ready', []])
  })

  it('is found beside a figure, and has its points', () => {
    const figures = sections.flatMap((section) => section.figures).filter(({ sweeps }) => sweeps)
    expect(figures.flatMap(({ sweeps }) => sweeps).sort()).toEqual([...names].sort())
    for (const figure of figures) {
      const ids = new Set(figure.sweeps!.flatMap((name) => opened.get(name)!.points.map(({ id }) => id)))
      for (const preset of presetsOf(figure))
        expect(ids, `${figure.id} ${JSON.stringify(preset)}`).toContain(idOf(preset))
    }
  })

  it('finds what was measured of its points, and nothing else', () => {
    const told = json(join(modelFolder('avatars'), 'train/sweep.json')) as {
      readonly methods: readonly { readonly preset: object; readonly scales: readonly number[] }[]
      readonly curves: readonly { readonly preset: object; readonly key: string; readonly values: readonly unknown[] }[]
    }
    const asked = [
      { method: 'none' },
      ...told.methods.flatMap(({ preset, scales }) => scales.map((scale) => ({ ...preset, scale }))),
      ...told.curves.flatMap(({ preset, key, values }) => values.map((value) => ({ ...preset, [key]: value }))),
    ]
    const measured = new Set(asked.map(idOf))
    const points = [...opened.values()].flatMap((sweep) => sweep.points)
    const stored = points.filter((point) => storedOf(point).length > 0)
    expect(stored.length).toBeGreaterThan(60)
    for (const { id, settings } of stored) expect(measured, JSON.stringify(settings)).toContain(id)
  })
})

/** What a figure names of itself: its lines at one value, its rows, or all places of its plane. */
function presetsOf(figure: Figure): readonly Readonly<Record<string, unknown>>[] {
  switch (figure.kind) {
    case 'lines':
      return figure.lines.flatMap(({ asked }) => {
        const preset = asked(model)
        // Lines of networks without classes, and some of SAG, are no part of the sweep.
        return preset && !('class' in preset)
          ? valuesAlong(figure, preset.method).map((value) => ({ ...preset, [figure.along]: value }))
          : []
      })
    case 'table':
      return figure.rows(model).flatMap(({ asked }) => asked(model) ?? [])
    case 'plane':
      return figure
        .rows(model)
        .flatMap((row) =>
          figure.columns(model).map((column) => ({ ...figure.asked(model), ...row.asks, ...column.asks })),
        )
    default:
      return figure satisfies never
  }
}

/** A value or two of the axis that the article's lines go along. */
function valuesAlong({ along, id }: Figure & { readonly kind: 'lines' }, method: string): readonly unknown[] {
  const values: Readonly<Record<string, readonly unknown[]>> = {
    scale: [0, method === 'sims' ? 4 : 0.5],
    sigma: [1, 'inf'],
    layers: [[0], [6]],
    threshold: [0.7, 1.3],
    mapLayer: [1, 5],
  }
  if (!values[along]) throw new Error(`say which values of ${along} the sweep of ${id} must have`)
  return values[along]
}
