/** The page's list of models: what is there at once, and what comes when an address names it. */
import { readdirSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseFamily } from '../../../src/model/families'
import { models, readHidden, setModels } from '../../../src/ui/app/models'

const folder = join(import.meta.dirname, '../../../models')
const families = readdirSync(folder)
  .map((id) => join(folder, id, 'manifest.json'))
  .filter((file) => existsSync(file))
  .map((file) => parseFamily(JSON.parse(readFileSync(file, 'utf8'))))
const ids = () => models.map(({ id }) => id).sort()

it('has every family that is shown at once, and a hidden one once it is read', async () => {
  const before = [...models]
  const shown = families.filter(({ family }) => !family.hidden).map(({ id }) => id)
  expect(shown).not.toHaveLength(families.length)
  expect(ids()).toEqual(shown.sort())
  await readHidden()
  expect(ids()).toEqual(families.map(({ id }) => id).sort())
  expect(models.find(({ id }) => id === before[0]!.id)).toBe(before[0])
  await readHidden()
  expect(models).toHaveLength(families.length)
  setModels(before)
})
