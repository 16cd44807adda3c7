/** Starts the page: the address gives the settings, the stored run is shown at once, the engine loads behind it. */
import 'katex/dist/katex.min.css'
import './ui/styles.css'
import { createRoot } from 'react-dom/client'
import { decodeLink, linkModel } from './settings'
import { App } from './ui/app/App'
import { openPort } from './ui/app/engine-port'
import { loadFirstLight } from './ui/run/first-light'
import { createSession } from './ui/app/session'
import { createPageStore } from './ui/app/state'
import { SessionContext } from './ui/app/store'
import { storedTheme } from './ui/kit/theme'

async function start(root: HTMLElement) {
  const { models, publishedOf, connect, judging } = await openPort()
  const wanted = linkModel(window.location.hash)
  const model = models.find(({ id }) => id === wanted) ?? models[0]
  if (!model) throw new Error('the page was built without a model')
  const { settings, problems, notes } = decodeLink(window.location.hash, model)
  const store = createPageStore(model, settings, problems, storedTheme())
  store.patch({ notices: { notes }, method: { published: publishedOf(model) } })
  const session = createSession({ store, connect, judging, window })
  createRoot(root).render(
    <SessionContext value={session}>
      <App />
    </SessionContext>,
  )
  void loadFirstLight(model, import.meta.env.BASE_URL).then((run) => run && session.showStored(run))
  session.restart()
}

const root = document.getElementById('root')
if (root) void start(root)
