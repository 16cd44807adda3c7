import { expect, it } from 'vitest'
import { createOpenedModels, type Shelf } from '../../../src/storage/opened-models'
import { sha256 } from '../../../src/storage/sha256'

const bytes = (...values: number[]) => Uint8Array.from(values)
const weights = bytes(1, 2, 3)
const fileOf = async (of: Uint8Array<ArrayBuffer>) => ({ file: 'w.bin', bytes: of.length, sha256: await sha256(of) })
const model = { id: 'net_0123456789abcdef', model: { a: 1 }, manifest: { b: 2 } }

function shelf(refuse?: (key: string) => Error | null) {
  const held = new Map<string, Uint8Array<ArrayBuffer>>()
  const own: Shelf = {
    read: (key) => Promise.resolve(held.get(key) ?? null),
    write: (key, value) => {
      const error = refuse?.(key)
      if (error) return Promise.reject(error)
      held.set(key, value)
      return Promise.resolve()
    },
    remove: (key) => Promise.resolve(void held.delete(key)),
    keys: () => Promise.resolve([...held.keys()]),
  }
  return { own, held }
}

it('keeps a model for the next visit, file by file, and forgets it', async () => {
  const { own, held } = shelf()
  const file = await fileOf(weights)
  const progress: [number, number][] = []
  const place = await createOpenedModels(own).keep(model, { [file.sha256]: weights }, (done, total) =>
    progress.push([done, total]),
  )
  expect(place).toEqual({ kind: 'stored' })
  expect(progress).toEqual([
    [0, 3],
    [3, 3],
  ])
  const later = createOpenedModels(own)
  expect(await later.list()).toEqual([model])
  expect(await later.read(model.id, file)).toEqual(weights)
  // Opened again in another way: what is no part of it goes.
  const other = await fileOf(bytes(9))
  await later.keep(model, { [other.sha256]: bytes(9) }, () => undefined)
  await expect(later.read(model.id, file)).rejects.toThrow('not in this browser any more')
  await later.forget(model.id)
  expect(await later.list()).toEqual([])
  expect(held.size).toBe(0)
})

it.each([
  ['without storage', null, 'none'],
  ['where it is full', Object.assign(new Error('full'), { name: 'QuotaExceededError' }), 'full'],
  ['where it is forbidden', new Error('no'), 'forbidden'],
] as const)('holds it for the life of the page %s, and leaves nothing half', async (_, error, why) => {
  const { own, held } = shelf((key) => (key.endsWith('about.json') ? error : null))
  const models = createOpenedModels(error ? own : null)
  const file = await fileOf(weights)
  expect(await models.keep(model, { [file.sha256]: weights }, () => undefined)).toEqual({ kind: 'page', why })
  expect(await models.list()).toEqual([model])
  expect(await models.read(model.id, file)).toEqual(weights)
  expect(held.size).toBe(0)
  await models.forget(model.id)
  expect(await models.list()).toEqual([])
})

it('gives no file that was spoilt, and skips what it cannot read', async () => {
  const { own, held } = shelf()
  const file = await fileOf(weights)
  await createOpenedModels(own).keep(model, { [file.sha256]: weights }, () => undefined)
  held.set(`${model.id}/${file.sha256}`, bytes(1, 2, 4))
  held.set('other_0123456789abcdef/about.json', new TextEncoder().encode('{"id": 3'))
  const models = createOpenedModels(own)
  await expect(models.read(model.id, file)).rejects.toThrow('its SHA-256 begins')
  expect(await models.list()).toEqual([model])
})

it('goes on where keeping was broken off, and writes again what was spoilt', async () => {
  const [first, second] = [bytes(1), bytes(2)]
  const names = await Promise.all([first, second].map(async (one) => (await fileOf(one)).sha256))
  const files = { [names[0]!]: first, [names[1]!]: second }
  const written: string[] = []
  const { own, held } = shelf((key) => (written.push(key), null))
  // The page was left after the first file.
  held.set(`${model.id}/${names[0]!}`, first)
  await createOpenedModels(own).keep(model, files, () => undefined)
  expect(written).toEqual([`${model.id}/${names[1]!}`, `${model.id}/about.json`])
  held.set(`${model.id}/${names[0]!}`, bytes(7))
  written.length = 0
  await createOpenedModels(own).keep(model, files, () => undefined)
  expect(written).toContain(`${model.id}/${names[0]!}`)
  expect(held.get(`${model.id}/${names[0]!}`)).toEqual(first)
})

it('changes what is kept: new files come, those that stay are not written again, and where that fails all is as it was', async () => {
  let full = false
  const { own, held } = shelf(() => (full ? Object.assign(new Error('full'), { name: 'QuotaExceededError' }) : null))
  const models = createOpenedModels(own)
  const [first, second] = [await fileOf(weights), await fileOf(bytes(7))]
  await models.keep(model, { [first.sha256]: weights }, () => undefined)
  full = true
  const next = { ...model, model: { a: 2 } }
  await expect(models.change(next, { [second.sha256]: bytes(7) }, [first.sha256])).rejects.toThrow('full')
  expect(await models.list()).toEqual([model])
  expect(await models.read(model.id, first)).toEqual(weights)
  full = false
  await models.change(next, { [second.sha256]: bytes(7) }, [first.sha256])
  expect(await models.list()).toEqual([next])
  expect(await models.read(model.id, first)).toEqual(weights)
  expect(await models.read(model.id, second)).toEqual(bytes(7))
  await models.change(model, {}, [first.sha256])
  await expect(models.read(model.id, second)).rejects.toThrow('not in this browser any more')
  expect([...held.keys()].sort()).toEqual([`${model.id}/${first.sha256}`, `${model.id}/about.json`].sort())
  // Without storage it is the page's, and changes there.
  const here = createOpenedModels(null)
  await here.keep(model, { [first.sha256]: weights }, () => undefined)
  await here.change(next, { [second.sha256]: bytes(7) }, [first.sha256])
  expect([await here.read(model.id, first), await here.read(model.id, second)]).toEqual([weights, bytes(7)])
})
