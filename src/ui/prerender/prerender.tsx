/**
 * The page as React draws it first, as HTML: the build puts it into `index.html`, so that it stands before any of its code has come.
 * Called by `src/cli/prerender.mjs`, never by the page.
 */
import { CSPProvider } from '@base-ui/react/csp-provider'
import { renderToStaticMarkup } from 'react-dom/server'
import { startingFiles } from '../../engine/recipe'
import { defaultFamily, shownFamilies } from '../../model/families'
import { servedName } from '../../model/served'
import type { ModelInfo } from '../../model/types'
import type { Engine } from '../../worker/protocol'
import { App } from '../app/App'
import { judgingOf } from '../app/judging'
import { models } from '../app/models'
import type { SessionWindow } from '../app/session'
import { SessionContext } from '../app/store'
import { createPlay } from '../rooms/play/play'
import { ahead } from '../../storage/first-light'
import { decodePng } from '../../storage/png'
import { storedRun } from '../run/first-light'

const never = () => Promise.reject(new Error('nothing runs before the page is seen'))
const nothing = () => undefined

/** It is asked for nothing. */
const ENGINE: Engine = {
  start: nothing,
  run: () => 0,
  cancel: nothing,
  attentionMap: never,
  useVision: never,
  foresee: never,
  draw: never,
  judge: never,
  decode: never,
  dispose: nothing,
}

/** Where nothing happens. */
const window: SessionWindow = {
  get parent(): unknown {
    return window
  },
  history: { state: null, pushState: nothing, replaceState: nothing },
  location: { hash: '', href: '' },
  performance: { now: () => 0 },
  addEventListener: nothing,
  removeEventListener: nothing,
  setTimeout: () => 0,
  clearTimeout: nothing,
  requestAnimationFrame: () => 0,
  cancelAnimationFrame: nothing,
}

/** The files that the start of each model needs, by its id, under their served names and with their hashes; the default model first. */
export function starts(): Readonly<Record<string, readonly (readonly [string, string])[]>> {
  const files = (model: ModelInfo) =>
    startingFiles(model).map(({ file, sha256 }) => [servedName(file), sha256] as const)
  return Object.fromEntries(shownFamilies(models).map((model) => [model.id, files(model)]))
}

/**
 * The page of an address without settings, with the stored run on its stage, and where its three pictures are in the file that shows
 * them before; `json` and `picture` are the run's first files.
 */
export async function prerendered(json: unknown, picture: Uint8Array) {
  const first = await decodePng(Uint8Array.from(picture))
  const model = defaultFamily(models)
  const run = storedRun(json, first, null, model)
  const play = createPlay({
    port: {
      models,
      watchModels: () => nothing,
      publishedOf: never,
      curvesOf: never,
      connect: () => ENGINE,
      judgingOf,
      rendersOf: never,
    },
    window,
    theme: 'system',
    owns: () => true,
    firstLight: () => Promise.resolve(run),
  })
  await Promise.resolve()
  const session = play.session()
  // Drawn so, React asks a store for its first state only.
  const store = { ...session.store, getInitialState: session.store.getState }
  const html = renderToStaticMarkup(
    <CSPProvider disableStyleElements>
      <SessionContext value={{ ...session, store }}>
        <App />
      </SessionContext>
    </CSPProvider>,
  )
  play.dispose()
  const { places, size } = ahead(first, model.image)
  return { html, places, size }
}
