/**
 * Completes presets by the application's own defaults: a JSON list of presets on stdin, the same list with every key on stdout.
 *
 *   echo '[{"method": "pag"}]' | npx tsx models/train/presets.ts
 *
 * A class that is not named comes out as "each", as in `npm run evaluate`: image i is of class i, over and over.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest } from '../../src/model/manifest'
import { DEFAULT_MODEL, parsePreset, presetModel, toPreset } from '../../src/settings'

const presets: unknown = JSON.parse(readFileSync(0, 'utf8'))
if (!Array.isArray(presets)) throw new Error('a JSON list of presets is expected on stdin')
const complete = presets.map((preset: unknown) => {
  const manifest: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', presetModel(preset) ?? DEFAULT_MODEL, 'manifest.json'), 'utf8'),
  )
  const result = parsePreset(preset, parseManifest(manifest))
  if (!result.ok) throw new Error(`${JSON.stringify(preset)}: ${result.problem}`)
  const named = typeof preset === 'object' && preset !== null && 'class' in preset
  return { ...toPreset(result.settings), ...(!named && { class: 'each' }) }
})
console.log(JSON.stringify(complete))
