/** `npm run -s figure -- --preset FILE_OR_LINK --along KEY --out FILE.html`: pictures at each value of a setting in one HTML file. */
import { writeFileSync } from 'node:fs'
import { plain } from '../core/format'
import {
  CARD,
  alongOf,
  FigureError,
  figureHtml,
  givenValues,
  rangeValues,
  settingsAt,
  startOf,
  type Along,
  type Value,
} from '../figure'
import type { ModelInfo } from '../model/types'
import type { Settings } from '../settings/types'
import { HELP, readArguments, type FigureArguments, type Wanted } from './figure/arguments'
import { cardPng } from './figure/card'
import { drawStops } from './figure/draw'
import { modelFolder } from './models'
import { loadNodeModel, type NodeModel } from './node-model'
import { runCommand, UsageError } from './usage'

function valuesOf(key: string, wanted: Wanted, settings: Settings, model: ModelInfo) {
  if (wanted.kind === 'values') {
    const along = givenValues(key, wanted.texts, settings, model)
    return { along, values: along.values }
  }
  const along: Along = alongOf(key, settings, model)
  if (along.kind === 'choices') return { along, values: along.values }
  const { from, to, count } = wanted
  return { along, values: rangeValues(along, { from: from ?? along.from, to: to ?? along.to, count }) }
}

async function writeFigure(loaded: NodeModel, args: FigureArguments, key: string, wanted: Wanted): Promise<string> {
  const { model } = loaded
  const { out, page, theme, title } = args
  const settings = args.source.settings(model)
  const { along, values } = valuesOf(key, wanted, settings, model)
  const asked = values.map((value) => ({ value, settings: settingsAt(key, value, settings, model) }))
  const start = startOf(along, values, settings)
  const stops = await drawStops(loaded, asked)
  const html = await figureHtml({ model, along, stops, start, page, theme, title })
  writeFileSync(out, html)
  const link = page === null ? ' Without --page it links to no live page.' : ''
  return `${out}: ${stops.length} values of ${key}, ${Math.round(Buffer.byteLength(html) / 1000)} kB.${link}`
}

async function writeCard(loaded: NodeModel, { source, out, page, theme, title }: FigureArguments): Promise<string> {
  const { model } = loaded
  const settings = source.settings(model)
  const value: Value = { text: String(settings.scale), words: plain(settings.scale) }
  const along: Along = { kind: 'choices', key: 'scale', label: 'scale s', values: [value] }
  const stops = await drawStops(loaded, [{ value, settings }])
  writeFileSync(out, await cardPng({ model, along, stops, start: 0, page, theme, title }))
  return `${out}: a card of ${CARD.width} × ${CARD.height}.`
}

/** The command's output. Rejects with UsageError for wrong arguments, and with what goes wrong on the way. */
export async function figureCommand(argv: readonly string[]): Promise<string> {
  const args = readArguments(argv)
  if (!args) return HELP
  const loaded = await loadNodeModel(modelFolder(args.source.model), { threads: args.threads })
  try {
    const { along } = args
    return await (along ? writeFigure(loaded, args, along.key, along.wanted) : writeCard(loaded, args))
  } catch (error) {
    throw error instanceof FigureError ? new UsageError(error.message) : error
  } finally {
    await loaded.dispose()
  }
}

if (process.argv[1]?.endsWith('figure.ts')) await runCommand(figureCommand)
