/** The room "open": its form, its words, and the way from files to an opened model, with an imitation of the worker. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startingFiles } from '../../../src/engine/recipe'
import { guess } from '../../../src/model/guess'
import { keptOf, parseKept } from '../../../src/model/kept'
import { openedId } from '../../../src/model/opened'
import { parseManifest } from '../../../src/model/manifest'
import type { MapLayer } from '../../../src/network/maps/types'
import { createOpenedModels } from '../../../src/storage/opened-models'
import { changed, doubtful, explained, faultOf, ofKind, rebased, withMeaning } from '../../../src/ui/rooms/open/form'
import { inForce } from '../../../src/ui/rooms/in-force'
import { defaultSettings, encodeLink } from '../../../src/settings'
import { toyModel } from '../../support/model'
import { roleIn } from '../../../src/ui/rooms/open/roles'
import { valueOf } from '../../../src/ui/rooms/open/state'
import { keepOpened } from '../../../src/ui/rooms/open/keeping'
import { createOpening } from '../../../src/ui/rooms/open/commands'
import { addressOf, beyond, waitingFor } from '../../../src/ui/rooms/open/use'
import { bufferText, costText, downloadText, heavyText, proofText, verdictText } from '../../../src/ui/rooms/open/words'
import { predictions } from '../../../src/model/predictions/index.generated'
import { schedules } from '../../../src/model/schedules/index.generated'
import type { Opener } from '../../../src/worker/opener/client'
import { dataOf, graphsOf, isOfModel, nameOf } from '../../../src/worker/opener/files'
import type { Looked, OpenedModel, Tried } from '../../../src/worker/opener/messages'

const found = guess({
  inputs: [
    { name: 'sample', dtype: 'float32', dims: ['b', 3, 32, 32] },
    { name: 'timestep', dtype: 'int64', dims: ['b'] },
    { name: 'y', dtype: 'int64', dims: ['b'] },
  ],
  outputs: [{ name: 'out', dtype: 'float32', dims: ['b', 3, 32, 32] }],
})
const looked = (missing: readonly string[] = [], parameters = 2e6): Looked => ({
  look: {
    bytes: 8e6,
    parameters,
    largest: 1e6,
    opset: 17,
    missing,
    inputs: [],
    outputs: [],
    guess: found,
    refusal: null,
  },
  bytes: 8e6,
  told: null,
  texts: null,
  beside: { decoder: null, encoders: [] },
  kinds: {},
  worse: [],
  notes: [],
})
const form = { description: found.description, named: { name: 'Faces' }, changed: [] }

describe('the form', () => {
  it('says why each entry is so until a person changes it, and what to confirm', () => {
    const before = doubtful(looked(), form)
    expect(explained(looked(), form, 'schedule').doubts).toHaveLength(1)
    const schedule = ofKind(schedules, 'cosine', form.description.schedule)
    const next = changed(form, 'schedule', { schedule })
    expect(explained(looked(), next, 'schedule')).toEqual({ reasons: ['chosen by you'], doubts: [] })
    expect(doubtful(looked(), next)).toBe(before - 1)
    // What follows from it: the noise levels of that schedule, unless they were chosen.
    expect(next.description.sigma.max).not.toBe(form.description.sigma.max)
    const own = changed(form, 'sigma', { sigma: { ...form.description.sigma, max: 20 } })
    expect(changed(own, 'schedule', { schedule }).description.sigma.max).toBe(20)
  })

  it('keeps what another kind knows, too', () => {
    const edm = { kind: 'edm', parameters: { sigmaData: 0.7 } }
    expect(ofKind(schedules, 'edm', edm)).toEqual(edm)
    expect(ofKind(predictions, 'epsilon', edm).parameters).toEqual({})
  })

  it('asks for classes as long as an input is told one', () => {
    expect(form.description.conditioning).toMatchObject({ kind: 'class', count: 1000 })
    const without = withMeaning(form, 'y', 'constant')
    expect(without.description.conditioning).toEqual({ kind: 'none' })
    expect(faultOf(without)).toBeNull()
    expect(withMeaning(without, 'y', 'class-index').description.conditioning).toMatchObject({ kind: 'class' })
  })

  it('says what can’t be', () => {
    expect(faultOf(form)).toBeNull()
    expect(faultOf(withMeaning(form, 'y', 'noise-level'))).toMatch(/can’t be: inputs: one must be the noise-level/)
    expect(faultOf({ ...form, named: { name: ' ' } })).toMatch(/needs a name/)
    const upside = changed(form, 'sigma', { sigma: { ...form.description.sigma, min: 9, max: 3 } })
    expect(faultOf(upside)).toMatch(/lowest noise level/)
  })

  it('takes a fresh guess where nothing was changed by hand', () => {
    const chosen = changed(form, 'prediction', { prediction: ofKind(predictions, 'v', form.description.prediction) })
    const fresh = changed(form, 'range', { range: { low: 0, high: 1 } })
    const both = rebased({ ...fresh, changed: [] }, chosen)
    expect(both.description).toMatchObject({ prediction: { kind: 'v' }, range: { low: 0, high: 1 } })
  })

  it('names it by what says more than “model”', () => {
    expect(nameOf('ddpm/unet/model.onnx')).toBe('ddpm')
    expect(nameOf('faces.onnx')).toBe('faces')
    expect(nameOf('model.onnx')).toBe('model')
  })
})

describe('the files', () => {
  const named = (...paths: string[]) => paths.map((path) => ({ path }))
  it('are told apart: the graph that denoises first, weights beside it or anywhere', () => {
    const files = named('p/vae_decoder/model.onnx', 'p/unet/model.onnx', 'p/unet/weights.data', 'p/weights.data')
    expect(graphsOf(files).map(({ path }) => path)).toEqual(['p/unet/model.onnx', 'p/vae_decoder/model.onnx'])
    expect(dataOf('weights.data', 'p/unet/model.onnx', files)?.path).toBe('p/unet/weights.data')
    expect(dataOf('./weights.data', 'q/model.onnx', files)?.path).toBe('p/unet/weights.data')
    expect(dataOf('other.data', 'p/unet/model.onnx', files)).toBeNull()
  })

  it('of a model are known wherever they are dropped, and those that it waits for', () => {
    for (const name of ['a.onnx', 'A.ONNX', 'a.onnx.data', 'a.onnx_data', 'config.json', 'manifest (1).json'])
      expect(isOfModel(name), name).toBe(true)
    for (const name of ['settings.json', 'a.png', 'weights.bin', 'lesson.md']) expect(isOfModel(name), name).toBe(false)
    expect(isOfModel('weights.bin', new Set(['weights.bin']))).toBe(true)
  })
})

it('says what a network will cost, as it was measured', () => {
  expect(costText(36e6)).toContain('0.1 s a row')
  expect(costText(147e6)).toMatch(/1\.1 s a row.* 3\.2 GB/)
  expect(heavyText(2e6)).toBeNull()
  expect(heavyText(147e6)).toMatch(/close other tabs/)
  expect(heavyText(900e6)).toMatch(/will most likely not start here/)
})

it('says beforehand what a graphics processor can’t read as one', () => {
  const limits = { binding: 128e6, buffer: 256e6 }
  expect(bufferText(32e6, limits)).toBeNull()
  expect(bufferText(33e6, limits)).toMatch(/132 MB.*at most 128 MB/)
  expect(bufferText(33e6, { binding: 256e6, buffer: 64e6 })).toMatch(/at most 64 MB/)
  expect(bufferText(33e6, null)).toBeNull()
  expect(downloadText(128e6, limits)).toBeNull()
  expect(downloadText(129e6, limits)).toMatch(/at most 128 MB/)
})

it('has a word for every verdict', () => {
  const layer = { beside: 'nothing' } as MapLayer
  const of = (verdict: MapLayer['verdict']) => verdictText({ ...layer, verdict })
  expect(of({ kind: 'ready' })).toMatchObject({ able: true })
  expect(of({ kind: 'needs-grid', reason: 'why' })).toMatchObject({ able: true, why: 'why' })
  expect(of({ kind: 'cross', reason: 'text' })).toMatchObject({ able: false, why: 'text' })
})

it('goes to the settings of the link that waited for the file, else to the model’s first picture', () => {
  const id = openedId('faces', 'a'.repeat(64))
  const other = openedId('their name', 'a'.repeat(64))
  expect(addressOf(id, `#room=open&v=4&model=${other}&method=seg`)).toBe(`#v=4&model=${other}&method=seg`)
  expect(addressOf(id, '#room=open&v=4&model=avatars&method=seg')).toBe(`#model=${id}`)
  expect(addressOf(id, '', [1, 2])).toBe(`#model=${id}&method=pag&layers=1,2`)
  expect(waitingFor(`#room=open&model=${other}`, [])).toBe(other)
  expect(waitingFor(`#room=open&model=${other}`, [{ id }])).toBeNull()
})

it('tells of a method that the link asks for and layers that are not proved yet can’t do', () => {
  const id = openedId('faces', 'a'.repeat(64))
  const proved = { ...toyModel, id }
  const asItCame = { ...proved, layers: [] }
  expect(beyond(`#room=open&v=4&model=${id}&method=seg`, asItCame)?.id).toBe('seg')
  expect(beyond(`#room=open&v=4&model=${id}&method=seg`, proved)).toBeNull()
  expect(beyond(`#room=open&v=4&model=${id}&method=swg`, asItCame)).toBeNull()
  expect(beyond(`#room=open&v=4&model=${openedId('faces', 'b'.repeat(64))}&method=seg`, asItCame)).toBeNull()
  expect(beyond('', asItCame)).toBeNull()
})

it('leads on with the link that waits for a file, and else with the settings in force', () => {
  const settings = defaultSettings(toyModel, 'pag')
  const waits = `v=3&model=${openedId('faces', 'a'.repeat(64))}&method=seg`
  expect(inForce(settings, toyModel, `#${waits}`)).toBe(waits)
  expect(inForce(settings, toyModel, '#v=3&model=toys&method=seg')).toBe(encodeLink(settings, toyModel))
  const here = { ...toyModel, id: openedId('mine', 'a'.repeat(64)) }
  expect(inForce({ ...settings, model: here.id }, here, `#${waits}`)).toContain('model=mine_')
})

it('says how long a proof will take, by the row that was measured here where one was', () => {
  expect(proofText(2e6, null)).toBeNull()
  expect(proofText(40e6, null)).toContain('about 2 minutes on a core')
  expect(proofText(40e6, 3000)).toContain('about 10 minutes here')
  expect(proofText(40e6, 100)).toBeNull()
})

describe('opening', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', 'models', 'tiny')
  const tiny = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  const model = { ...tiny, id: openedId('tiny', 'b'.repeat(64)) }
  const file = (path: string, size = 10) => ({ path, file: new File([new Uint8Array(size)], path) })
  const tick = () => new Promise((resolve) => setTimeout(resolve))

  function room(answers: Partial<Opener> = {}) {
    const asked: string[] = []
    const wanted: (readonly string[])[] = []
    const tried: Tried = { pictures: [], milliseconds: 3 }
    const opened: OpenedModel = {
      model,
      manifest: { id: model.id },
      files: { [model.graph.file]: new Uint8Array([1]), [model.weights.file]: new Uint8Array([2]) },
      layers: [],
      refused: [],
      notes: [],
    }
    const opener: Opener = {
      look: () => Promise.resolve(looked()),
      attempt: () => Promise.resolve(tried),
      open: () => Promise.resolve(opened),
      add: () => Promise.reject(new Error('nobody adds here')),
      map: () => Promise.resolve({ levels: [80, 1, 0.1], layers: [] }),
      dispose: () => void asked.push('dispose'),
      ...answers,
    }
    const models = createOpenedModels(null)
    const opening = createOpening({
      opener: {
        look: (...of) => (asked.push('look'), opener.look(...of)),
        attempt: (...of) => (asked.push('try'), opener.attempt(...of)),
        open: (...of) => (asked.push('open'), opener.open(...of)),
        add: (...of) => (asked.push('add'), opener.add(...of)),
        map: (...of) => (asked.push('map'), opener.map(...of)),
        dispose: opener.dispose,
      },
      models,
      changed: () => Promise.resolve(),
      want: (names) => void wanted.push(names),
    })
    return { opening, asked, wanted, models, state: opening.store.getState }
  }

  it('looks, tries at once what is light, and keeps what was opened', async () => {
    const { opening, asked, models, state } = room()
    // As a button has it.
    const { bring } = opening
    bring([file('faces.onnx'), file('config.json')])
    await tick()
    expect(asked).toEqual(['look', 'try'])
    expect(state()).toMatchObject({ graph: 'faces.onnx', form: { named: { name: 'faces' } }, trying: { kind: 'done' } })
    opening.open()
    await tick()
    // Its layers are tried in the background, since it is light.
    await tick()
    // It is there as it came before its layers are proved.
    expect(asked).toEqual(['look', 'try', 'open', 'open', 'map'])
    expect(state().mapping).toMatchObject({ kind: 'done', value: { levels: [80, 1, 0.1] } })
    const place = { kind: 'page', why: 'none' }
    expect(await opening.keep()).toEqual({ id: model.id, place, told: false })
    expect((await models.list()).map(({ id }) => id)).toEqual([model.id])
    expect(state().keeping).toEqual({ kind: 'done', value: expect.stringMatching(/no storage here/) })
    // A second time there is nothing to keep, and nothing is lost.
    expect(await opening.keep()).toEqual({ id: model.id, place, told: true })
    expect((await models.read(model.id, model.graph)).length).toBe(1)
    opening.forget(model.id)
    await tick()
    expect(state()).toMatchObject({ kept: [], opening: { kind: 'none' } })
  })

  it('waits for weights, which then may have any name, and for a word where it is large or heavy', async () => {
    const { opening, asked, wanted, state } = room({
      look: ({ files }) => Promise.resolve(looked(files.some(({ path }) => path === 'w.bin') ? [] : ['w.bin'])),
    })
    opening.bring([file('faces.onnx')])
    await tick()
    expect(asked).toEqual(['look'])
    expect(wanted.at(-1)).toEqual(['w.bin'])
    opening.bring([file('w.bin')])
    await tick()
    expect(asked).toEqual(['look', 'look', 'try'])
    expect(state().files.map(({ path }) => path)).toEqual(['faces.onnx', 'w.bin'])

    const heavy = room({ look: () => Promise.resolve(looked([], 200e6)) })
    heavy.opening.bring([file('faces.onnx')])
    await tick()
    expect(heavy.asked).toEqual(['look'])
    const large = room()
    const graph = file('large.onnx')
    Object.defineProperty(graph.file, 'size', { value: 5e8 })
    large.opening.bring([graph])
    await tick()
    expect(large.asked).toEqual([])
    expect(large.state().held).toBe(true)
    large.opening.lookAnyway()
    expect(large.asked).toEqual(['look'])
  })

  it('draws again what a change concerns, keeps what stood where it fails, and stops', async () => {
    let fails = false
    const { opening, asked, state } = room({
      attempt: (_, { signal }) =>
        fails
          ? Promise.reject(new Error('The runtime refused it.'))
          : signal.aborted
            ? Promise.reject(new Error('gone'))
            : Promise.resolve({ pictures: [], milliseconds: null }),
    })
    opening.bring([file('faces.onnx')])
    await tick()
    fails = true
    const before = state().form!
    opening.change(changed(before, 'range', { range: { low: 0, high: 1 } }))
    await tick()
    expect(state().trying).toEqual({ kind: 'failed', why: 'The runtime refused it.' })
    expect(state().trial).not.toBeNull()
    expect(state().form!.description.range).toEqual({ low: 0, high: 1 })
    const tries = asked.length
    opening.change({ ...state().form!, named: { name: 'Other' } })
    expect(asked).toHaveLength(tries)
    opening.attempt()
    opening.stop()
    await tick()
    expect(state().trying).toEqual({ kind: 'none' })
  })

  it('draws again what corrects a description that failed at first', async () => {
    let fails = true
    const { opening, asked, state } = room({
      attempt: () =>
        fails
          ? Promise.reject(new Error('Its input is another.'))
          : Promise.resolve({ pictures: [], milliseconds: null }),
    })
    opening.bring([file('faces.onnx')])
    await tick()
    expect(state()).toMatchObject({ trying: { kind: 'failed' }, trial: null })
    fails = false
    opening.change(changed(state().form!, 'range', { range: { low: 0, high: 1 } }))
    await tick()
    expect(asked).toEqual(['look', 'try', 'try'])
    expect(state()).toMatchObject({ trying: { kind: 'done' }, trial: { pictures: [] } })
    // What was stopped by hand is not begun anew by a change.
    fails = true
    const slow = room({ attempt: () => new Promise(() => undefined) })
    slow.opening.bring([file('faces.onnx')])
    await tick()
    slow.opening.stop()
    slow.opening.change(changed(slow.state().form!, 'range', { range: { low: 0, high: 1 } }))
    await tick()
    expect(slow.asked).toEqual(['look', 'try'])
  })

  it('draws what an opening interrupted, once it is over', async () => {
    const { opening, asked, state } = room()
    opening.bring([file('faces.onnx')])
    await tick()
    opening.change(changed(state().form!, 'range', { range: { low: 0, high: 1 } }))
    opening.open()
    await tick()
    await tick()
    await tick()
    expect(asked.slice(0, 6)).toEqual(['look', 'try', 'try', 'open', 'open', 'try'])
    expect(state().trial?.form.description.range).toEqual({ low: 0, high: 1 })
    expect(state().opening.kind).toBe('done')
  })

  describe('while its layers are proved', () => {
    const networks = model.networks.map((one) => ({ ...one, heads: [] }))
    const outside = {
      ...model,
      networks,
      layers: [],
      brought: { grids: {}, maps: null, branches: null, searched: false },
    }
    /** Proves when it is told to. */
    function proving() {
      let prove: () => void = () => undefined
      const parts = room({
        open: async ({ inside }, { signal }) => {
          if (inside)
            await new Promise<void>((resolve, reject) => {
              prove = resolve
              signal.addEventListener('abort', () => reject(new Error('given up')))
            })
          const files = {
            [model.graph.file]: new Uint8Array([inside ? 3 : 1]),
            [model.weights.file]: new Uint8Array([2]),
          }
          return { model: inside ? model : outside, manifest: {}, files, layers: [], refused: [], notes: [] }
        },
      })
      return { ...parts, prove: () => prove() }
    }
    const kept = async ({ models }: Pick<ReturnType<typeof room>, 'models'>) =>
      (await models.list()).map(({ model: one }) => parseKept(one).layers.length)

    it('can be used as it came, and has its layers once they are', async () => {
      const { opening, models, state, prove } = proving()
      opening.bring([file('faces.onnx')])
      await tick()
      opening.open()
      await tick()
      expect(state()).toMatchObject({ opening: { value: { model: { layers: [] } } }, proving: { kind: 'working' } })
      await opening.keep()
      expect(await kept({ models })).toEqual([0])
      expect(state().proving.kind).toBe('working')
      prove()
      await tick()
      await tick()
      // It is in use: what is kept has the layers, nobody asked.
      expect(await kept({ models })).toEqual([model.layers.length])
      expect((await models.read(model.id, model.graph))[0]).toBe(3)
      expect(state()).toMatchObject({ opening: { value: { files: {} } }, proving: { kind: 'done' } })
    })

    it('stays so when the proof is given up, and goes on from there', async () => {
      const { opening, asked, state, prove } = proving()
      opening.bring([file('faces.onnx')])
      await tick()
      opening.open()
      await tick()
      opening.stop()
      await tick()
      expect(state()).toMatchObject({ opening: { value: { model: { layers: [] } } }, proving: { kind: 'none' } })
      opening.open()
      await tick()
      expect(asked).toEqual(['look', 'try', 'open', 'open', 'open'])
      prove()
      await tick()
      expect(state().opening).toMatchObject({ value: { model: { layers: model.layers } } })
      const none = proving()
      none.opening.bring([file('faces.onnx')])
      await tick()
      none.opening.openOutside()
      await tick()
      await tick()
      expect(none.asked).toEqual(['look', 'try', 'open'])
      expect(none.state()).toMatchObject({ opening: { kind: 'done' }, proving: { kind: 'none' } })
    })

    it('waits for a worse network that is brought meanwhile', async () => {
      const { opening, asked, state } = proving()
      opening.bring([file('faces.onnx')])
      await tick()
      opening.open()
      await tick()
      await opening.keep()
      await opening.addSecond(model.id, [file('worse.onnx')])
      expect(asked.slice(-3)).toEqual(['open', 'add', 'open'])
      expect(state()).toMatchObject({ adding: { work: { kind: 'failed' } }, proving: { kind: 'working' } })
    })
  })

  it('keeps a worse network beside it when it is opened again, as long as it is asked as before', async () => {
    const { opening, models } = room()
    opening.bring([file('faces.onnx')])
    await tick()
    opening.open()
    await tick()
    await tick()
    await opening.keep()
    const entry = {
      file: 'worse.onnx',
      bytes: 1,
      sha256: createHash('sha256')
        .update(new Uint8Array([9]))
        .digest('hex'),
    }
    const id = openedId('worse', 'c'.repeat(64))
    const second = {
      ...model.networks[0]!,
      id,
      name: 'worse',
      role: 'second' as const,
      heads: [],
      graph: entry,
      weights: entry,
    }
    const both = { ...model, networks: [...model.networks, second] }
    const before = startingFiles(model).map(({ sha256 }) => sha256)
    const list = { networks: [{ id: 'main' }, { id }] }
    await models.change(
      { id: model.id, model: keptOf(both), manifest: list },
      { [entry.sha256]: new Uint8Array([9]) },
      before,
    )

    const again = { ...model, name: 'Other name' }
    const ask = { model: again, manifest: {}, files: {} }
    await keepOpened(models, ask, () => undefined)
    const [found] = await models.list()
    expect(parseKept(found!.model)).toMatchObject({ name: 'Other name' })
    expect(parseKept(found!.model).networks.at(-1)).toMatchObject({ id, name: 'worse' })
    expect(found!.manifest).toEqual(list)
    expect((await models.read(model.id, entry))[0]).toBe(9)
    // In other words it answers something else.
    const other = { ...model, sigma: { ...model.sigma, max: model.sigma.max / 2 } }
    await keepOpened(models, { ...ask, model: other }, () => undefined)
    expect(parseKept((await models.list())[0]!.model).networks).toHaveLength(model.networks.length)
  })

  it('takes for the network what looks like one, and other graphs for what a person says', async () => {
    const kinds = { 'a.onnx': 'text-encoder', 'b.onnx': 'network', 'c.onnx': 'network', 'd.onnx': 'decoder' } as const
    const beside = { decoder: 'd.onnx', encoders: [] }
    const { opening, asked, state } = room({ look: () => Promise.resolve({ ...looked(), kinds, beside }) })
    opening.bring(Object.keys(kinds).map((path) => file(path)))
    await tick()
    expect(state().graph).toBe('b.onnx')
    const roles = () => Object.keys(kinds).map((path) => roleIn(valueOf(state().looking)!, path))
    expect(roles()).toEqual(['unused', 'unused', 'unused', 'decoder'])
    await tick()
    const before = asked.length
    opening.assign('c.onnx', 'worse')
    expect(roles()).toEqual(['unused', 'unused', 'worse', 'decoder'])
    // It is beside the model, and changes none of its pictures.
    expect(asked).toHaveLength(before)
    opening.assign('a.onnx', 'decoder')
    expect(roles()).toEqual(['decoder', 'unused', 'worse', 'unused'])
    expect(state().form?.description.latent).toEqual({ factor: 1, shift: 0, decoder: null })
    expect(asked.slice(before)).toEqual(['try'])
    // Further files change nothing of that.
    opening.bring([file('config.json')])
    await tick()
    expect(roles()).toEqual(['decoder', 'unused', 'worse', 'unused'])
    // Who says which is the network is believed.
    opening.chooseGraph('a.onnx')
    await tick()
    expect(state().graph).toBe('a.onnx')
  })

  it('begins anew with another graph, and leaves descriptions that came first to it', async () => {
    const { opening, state } = room()
    opening.bring([file('config.json')])
    expect(state().graph).toBeNull()
    opening.bring([file('faces.onnx')])
    await tick()
    expect(state().files.map(({ path }) => path)).toEqual(['config.json', 'faces.onnx'])
    opening.bring([file('cats.onnx')])
    await tick()
    expect(state().files.map(({ path }) => path)).toEqual(['cats.onnx'])
    expect(state().form?.named.name).toBe('cats')
  })
})
