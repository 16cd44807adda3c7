/** Starts the page in the room that the address names. */
import './ui/styles.css'
import 'virtual:shell.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { createRoot } from 'react-dom/client'
import { dropShell } from './ui/app/standing'
import { expectTranslator } from './ui/app/translator'
import { meansModel, openedParts } from './model/opened'
import { linkParts } from './settings'
import { models, readHidden } from './ui/app/models'
import { tellNotShown } from './ui/app/uncaught'
import { rooms } from './ui/rooms'
import { Rooms } from './ui/rooms/Rooms'
import { followAddress } from './ui/view/follow'

const root = document.getElementById('root')

function start(root: HTMLElement) {
  if (document.documentElement.dataset.visit === 'other') dropShell()
  expectTranslator(document.body)
  createRoot(root, { onUncaughtError: (error) => tellNotShown(root, error) }).render(
    // A policy on styles forbids elements with styles; ours has what they would hold.
    <CSPProvider disableStyleElements>
      <Rooms rooms={rooms} />
    </CSPProvider>,
  )
}

/** A model that an address names and the list has not: opened from a file, on this visit or one before, or hidden. */
async function readNamed(hash: string): Promise<void> {
  const { model } = linkParts(hash)
  if (model === undefined || models.some(({ id }) => meansModel(model, id))) return
  await (openedParts(model) === null ? readHidden() : (await import('./ui/app/opened')).readOpened())
}

// Nothing is seen before it is known how and of what it is to be shown; without that the page is as it always is.
if (root) {
  const { hash } = window.location
  void Promise.allSettled([followAddress(hash), readNamed(hash)]).then(() => start(root))
}
