/** Starts the page in the room that the address names. */
import './ui/styles.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { createRoot } from 'react-dom/client'
import { expectTranslator } from './ui/app/translator'
import { tellNotShown } from './ui/app/uncaught'
import { rooms } from './ui/rooms'
import { Rooms } from './ui/rooms/Rooms'
import { followAddress } from './ui/view/follow'

const root = document.getElementById('root')

function start(root: HTMLElement) {
  expectTranslator(document.body)
  createRoot(root, { onUncaughtError: (error) => tellNotShown(root, error) }).render(
    // A policy on styles forbids elements with styles; ours has what they would hold.
    <CSPProvider disableStyleElements>
      <Rooms rooms={rooms} />
    </CSPProvider>,
  )
}

// Nothing is seen before it is known how it is to be shown; without that the page is as it always is.
if (root) void followAddress(window.location.hash).finally(() => start(root))
