/** Part of `npm run registries`: writes the JSON Schemas of preset and sweep files (public/*.schema.json) from the table of settings. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AXIS_KEYS } from '../lab/axis'
import { sweepSchema } from '../lab/sweep'
import { DEFAULT_METHOD, presetSchema } from '../settings'
import { families, readModel } from './models'
import { runCommand } from './usage'

const PUBLIC = join(import.meta.dirname, '../../public')
export const SCHEMA = join(PUBLIC, 'preset.schema.json')
export const SWEEP_SCHEMA = join(PUBLIC, 'sweep.schema.json')

/** The schema as text, for the families that people choose from. */
export function schemaText(): string {
  const models = families().flatMap(({ id, family }) => (family.hidden ? [] : [readModel(id)]))
  return `${JSON.stringify(presetSchema(models, DEFAULT_METHOD))}\n`
}

export const sweepSchemaText = (): string => `${JSON.stringify(sweepSchema(AXIS_KEYS, 'preset.schema.json'))}\n`

async function schema(): Promise<string> {
  const texts = [
    [SCHEMA, schemaText()],
    [SWEEP_SCHEMA, sweepSchemaText()],
  ] as const
  for (const [file, text] of texts) writeFileSync(file, text)
  return texts.map(([file, text]) => `${file}: ${text.length} characters`).join('\n')
}

if (process.argv[1]?.endsWith('schema.ts')) await runCommand(schema)
