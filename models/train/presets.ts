/**
 * Completes presets by the methods' own defaults: a JSON list of presets on stdin, the same list with every key on stdout.
 *
 *   echo '[{"method": "pag"}]' | npx tsx models/train/presets.ts
 *
 * A class that is not named comes out as "each", as in `npm run evaluate`: image i is of class i, over and over.
 */
import { readFileSync } from 'node:fs'
import { defaultModel, readModel } from '../../src/cli/models'
import { parsePreset, presetModel, toPreset, withoutStarts } from '../../src/settings'

const presets: unknown = JSON.parse(readFileSync(0, 'utf8'))
if (!Array.isArray(presets)) throw new Error('a JSON list of presets is expected on stdin')
const complete = presets.map((preset: unknown) => {
  // What is measured decides where methods start, so a measurement can't begin there.
  const result = parsePreset(preset, withoutStarts(readModel(presetModel(preset) ?? defaultModel())))
  if (!result.ok) throw new Error(`${JSON.stringify(preset)}: ${result.problem}`)
  const named = typeof preset === 'object' && preset !== null && 'class' in preset
  return { ...toPreset(result.settings), ...(!named && { class: 'each' }) }
})
console.log(JSON.stringify(complete))
