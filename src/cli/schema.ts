/** Part of `npm run registries`: writes the JSON Schema of preset files (public/preset.schema.json) from the table of settings. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_METHOD, presetSchema } from '../settings'
import { families, readModel } from './models'
import { runCommand } from './usage'

export const SCHEMA = join(import.meta.dirname, '../../public/preset.schema.json')

/** The schema as text, for the families that people choose from. */
export function schemaText(): string {
  const models = families().flatMap(({ id, family }) => (family.hidden ? [] : [readModel(id)]))
  return `${JSON.stringify(presetSchema(models, DEFAULT_METHOD))}\n`
}

async function schema(): Promise<string> {
  const text = schemaText()
  writeFileSync(SCHEMA, text)
  return `${SCHEMA}: ${text.length} characters`
}

if (process.argv[1]?.endsWith('schema.ts')) await runCommand(schema)
