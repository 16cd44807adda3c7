/** Draws samples of one setting, seed after seed, guided and unguided, keeps them, and has the judge look at them once it is asked. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../../core/failure'
import { relativeDistance } from '../../../../../core/image'
import { settingsId } from '../../../../../lab/identity'
import type { ModelInfo } from '../../../../../model/types'
import { sameSettings } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import type { Lab } from '../../lab'
import { keptPictures, type LabPicture, pictureEntries, pictureOf } from '../../pictures'
import type { Measured } from './orders'

/** Seeds that are drawn side by side. */
const TOGETHER = 4
export const FEWEST = 4
export const MOST = 100

/** What is drawn. */
export interface Subject {
  readonly model: ModelInfo
  /** Of the first seed. */
  readonly settings: Settings
  readonly count: number
}

export interface Sample extends Measured {
  readonly id: string
  readonly settings: Settings
  readonly guided: LabPicture | null
  readonly unguided: LabPicture | null
}

export interface WallState {
  readonly state: 'looking' | 'idle' | 'drawing' | 'failed' | 'done'
  readonly samples: readonly Sample[]
  readonly millisecondsLeft: number | null
  /** Why nothing more is drawn. */
  readonly message: string | null
  readonly judge:
    | { readonly kind: 'closed' }
    | { readonly kind: 'fetching'; readonly loaded: number; readonly total: number }
    | { readonly kind: 'open' }
    | { readonly kind: 'failed'; readonly message: string }
}

export interface Wall {
  readonly store: Pick<StoreApi<WallState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Other samples are meant: a drawing under way ends. */
  mean(subject: Subject): Promise<void>
  go(): void
  stop(): void
  /** Fetches the judge, and has it look at all that is and will be drawn. */
  askJudge(): void
  /** Whether the lab is seen: while it is not, nothing is drawn. */
  show(shown: boolean): void
  dispose(): void
}

type Parts = Pick<Lab, 'engine' | 'storage' | 'judge' | 'now'>
type Get = () => WallState
type Patch = (change: Partial<WallState>) => void

/** The settings of a sample; its seeds count up from the first. */
export const seeded = (settings: Settings, index: number): Settings => ({
  ...settings,
  samples: 1,
  seed: settings.seed + index,
})

/** The unguided picture is kept beside the guided one. */
const unguidedId = (id: string) => `${id} unguided`

function withPictures(sample: Sample, guided: LabPicture | null, unguided: LabPicture | null): Sample {
  const change = guided && unguided ? relativeDistance(guided.image, unguided.image) : null
  return { ...sample, guided, unguided, change }
}

/** Has the judge look at what it has not seen, one question at a time. */
function createEyes(lab: Parts, subject: () => Subject | null, get: Get, patch: Patch) {
  let looking = false
  const look = async (): Promise<void> => {
    const now = subject()
    if (!now || looking || get().judge.kind !== 'open') return
    const unseen = get().samples.filter(({ guided, unguided, distances }) => guided && unguided && !distances)
    if (unseen.length === 0) return
    looking = true
    try {
      const { kit, meter } = await lab.judge.open(now.model)
      const images = unseen.flatMap(({ guided, unguided }) =>
        guided && unguided ? [guided.image, unguided.image] : [],
      )
      const judgements = await lab.engine(now.model).judge(kit, images)
      const all = await meter.distances(judgements.map(({ features }) => features))
      const found = new Map(unseen.map(({ id }, i) => [id, { guided: all[2 * i]!, unguided: all[2 * i + 1]! }]))
      patch({ samples: get().samples.map((one) => ({ ...one, distances: found.get(one.id) ?? one.distances })) })
    } catch (error) {
      if (subject() === now) patch({ judge: { kind: 'failed', message: messageOf(error) } })
    } finally {
      looking = false
    }
    // More may have been drawn meanwhile.
    await look()
  }
  const open = async () => {
    const now = subject()
    if (!now || get().judge.kind === 'open' || get().judge.kind === 'fetching') return
    const total = lab.judge.bytes(now.model) ?? 0
    patch({ judge: { kind: 'fetching', loaded: 0, total } })
    try {
      await lab.judge.open(now.model, (loaded, all) => {
        if (get().judge.kind === 'fetching') patch({ judge: { kind: 'fetching', loaded, total: all } })
      })
      if (subject()?.model !== now.model) return
      patch({ judge: { kind: 'open' } })
      await look()
    } catch (error) {
      patch({ judge: { kind: 'failed', message: messageOf(error) } })
    }
  }
  return { look, open }
}

/** Draws what is missing, some seeds at a time. Rejects with what ended it. */
function createPen(lab: Parts, get: Get, patch: Patch, drawn: () => void) {
  return async (model: ModelInfo, signal: AbortSignal) => {
    const engine = lab.engine(model)
    const missing = get().samples.filter(({ guided }) => !guided)
    const began = lab.now()
    for (let from = 0; from < missing.length; from += TOGETHER) {
      const batch = missing.slice(from, from + TOGETHER)
      const finals = await engine.draw(
        batch.map(({ settings }) => settings),
        ['positive'],
        signal,
      )
      const made = new Map<string, LabPicture>()
      for (const [i, { id }] of batch.entries()) {
        const { guided, positive } = finals[i]!
        made.set(id, await pictureOf(guided, model, engine))
        made.set(unguidedId(id), await pictureOf(positive ?? guided, model, engine))
      }
      signal.throwIfAborted()
      const done = from + batch.length
      const pictured = (one: Sample) => {
        const [guided, unguided] = [made.get(one.id), made.get(unguidedId(one.id))]
        return guided && unguided ? withPictures(one, guided, unguided) : one
      }
      patch({
        samples: get().samples.map(pictured),
        millisecondsLeft: ((lab.now() - began) / done) * (missing.length - done),
      })
      drawn()
      await lab.storage.put({ pictures: pictureEntries(made) })
    }
  }
}

const OVER = new Error('the drawing was stopped')

const NOTHING: WallState = {
  state: 'idle',
  samples: [],
  millisecondsLeft: null,
  message: null,
  judge: { kind: 'closed' },
}

const blank = ({ model, settings, count }: Subject): readonly Sample[] =>
  Array.from({ length: count }, (_, index): Sample => {
    const own = seeded(settings, index)
    const id = settingsId(own, model)
    return { id, seed: own.seed, settings: own, guided: null, unguided: null, change: null, distances: null }
  })

/** The samples with the pictures that are kept. */
async function withKept({ storage }: Parts, samples: readonly Sample[]): Promise<readonly Sample[]> {
  const ids = samples.flatMap(({ id }) => [id, unguidedId(id)])
  const kept = await keptPictures(storage, ids)
  return samples.map((one) => {
    const [guided, unguided] = [kept.get(one.id), kept.get(unguidedId(one.id))]
    return guided && unguided ? withPictures(one, guided, unguided) : one
  })
}

const sameSubject = (a: Subject, b: Subject) =>
  a.model === b.model && a.count === b.count && sameSettings(seeded(a.settings, 0), seeded(b.settings, 0))

export function createWall(lab: Parts): Wall {
  const store = createStore<WallState>(() => NOTHING)
  const { getState: get, setState: patch } = store
  let subject: Subject | null = null
  let stopped = new AbortController()
  let shown = true
  const eyes = createEyes(lab, () => subject, get, patch)
  const pen = createPen(lab, get, patch, () => void eyes.look())

  function halt() {
    stopped.abort(OVER)
    stopped = new AbortController()
    patch({ millisecondsLeft: null })
  }
  async function go() {
    if (!subject || get().state === 'looking') return
    halt()
    patch({ state: 'drawing', message: null })
    if (!shown) return
    const { signal } = stopped
    try {
      await pen(subject.model, signal)
      if (!signal.aborted) patch({ state: 'done', millisecondsLeft: null })
    } catch (error) {
      if (!signal.aborted) patch({ state: 'failed', message: messageOf(error), millisecondsLeft: null })
    }
  }

  return {
    store,
    go: () => void go(),
    stop: () => {
      halt()
      if (get().state === 'drawing') patch({ state: 'idle' })
    },
    askJudge: () => void eyes.open(),
    mean: async (next) => {
      if (subject && sameSubject(subject, next)) return
      halt()
      const judge = subject?.model === next.model ? get().judge : NOTHING.judge
      subject = next
      const samples = blank(next)
      patch({ ...NOTHING, state: 'looking', samples, judge })
      const found = await withKept(lab, samples)
      if (subject !== next) return
      patch({ samples: found, state: found.every(({ guided }) => guided) ? 'done' : 'idle' })
      void eyes.look()
    },
    show: (next) => {
      const back = next && !shown
      shown = next
      if (!shown && get().state === 'drawing') halt()
      if (back && get().state === 'drawing') void go()
    },
    dispose: () => {
      subject = null
      halt()
    },
  }
}
