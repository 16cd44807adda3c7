/** Fetches the stored run that the page opens with: what the first view shows of it, and its steps when somebody goes to one. */
import type { ModelInfo } from '../../model/types'
import { decodeFirstLight } from '../../storage/first-light'
import { decodePng, type Rgb8 } from '../../storage/png'
import type { PageStore } from '../app/state'
import { frameOf, type Run } from './run'

/** What the page asked for before this code came is not asked for again. */
const ask = (address: string) => globalThis.early?.take(address) ?? fetch(address)

/** Rejects where the host has no such picture. */
async function fetchAtlas(address: string): Promise<Rgb8> {
  const response = await ask(address)
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return decodePng(new Uint8Array(await response.arrayBuffer()))
}

/** Throws Error where the files do not belong together or to this model. */
export function storedRun(json: unknown, first: Rgb8, all: Rgb8 | null, model: ModelInfo): Run {
  return {
    ...decodeFirstLight(json, first, all, model),
    id: -1,
    origin: 'stored',
    pass: 'full',
    summary: null,
  }
}

/** The stored run, or null where the page was built without one or it does not belong to this model. */
export async function loadFirstLight(model: ModelInfo, base: string): Promise<Run | null> {
  try {
    const [response, first] = await Promise.all([ask(`${base}first-light.json`), fetchAtlas(`${base}first-light.png`)])
    const json: unknown = await response.json()
    const run = (all: Rgb8 | null) => storedRun(json, first, all, model)
    return { ...run(null), whole: async () => run(await fetchAtlas(`${base}first-light-steps.png`)) }
  } catch {
    // Nothing is lost: the live model draws the same images a little later.
    return null
  }
}

/** Brings the steps of the run on the stage when the playhead goes to one and they have not come. */
export function bringSteps({ getState, subscribe, patch }: PageStore): void {
  let coming: Run | null = null
  subscribe(({ run: { shown }, playhead: { position } }) => {
    if (!shown?.whole || shown === coming || frameOf(position, shown.steps) >= shown.steps) return
    coming = shown
    shown.whole().then(
      (whole) => {
        const { run } = getState()
        if (run.shown === shown) patch({ run: { shown: whole, settled: run.settled === shown ? whole : run.settled } })
      },
      // Where they do not come, the live model brings its own; the next move of the playhead asks again.
      () => (coming = null),
    )
  })
}
