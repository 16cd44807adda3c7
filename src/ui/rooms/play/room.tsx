/** The playground: what the page has always been. The address gives the settings, the stored run is shown at once, the engine loads behind it. */
import 'katex/dist/katex.min.css'
import { useEffect, useSyncExternalStore } from 'react'
import { App } from '../../app/App'
import { openPort } from '../../app/engine-port'
import { Region } from '../../app/Region'
import { Later } from '../../kit/Later'
import { SessionContext } from '../../app/store'
import { tellUncaught } from '../../app/uncaught'
import { storedTheme } from '../../app/theme'
import { useServed } from '../../embed/use-served'
import { useOwned } from '../../kit/use-owned'
import { loadFirstLight } from '../../run/first-light'
import { hasView, linkParts } from '../../../settings'
import type { RoomProps } from '../rooms'
import { pageView } from '../../view/state'
import { createPlay, type Play } from './play'

const loadFacts = () => import('../../lesson/PlayFacts')

export default function PlayRoom({ notes, owns, hash, newVersion }: RoomProps) {
  const play = useOwned(() =>
    createPlay({
      port: openPort(),
      owns,
      window,
      theme: pageView.getState().theme ?? storedTheme(),
      firstLight: (model) => loadFirstLight(model, import.meta.env.BASE_URL),
    }),
  )
  return play && <Playground {...{ play, notes, hash, newVersion }} />
}

type PlaygroundProps = Pick<RoomProps, 'notes' | 'hash' | 'newVersion'> & { readonly play: Play }

function Playground({ play, notes, hash, newVersion }: PlaygroundProps) {
  const session = useSyncExternalStore(play.subscribe, play.session)
  useServed(play)
  useEffect(() => tellUncaught(window, (warning) => session.set({ notices: { warning } })), [session])
  useEffect(() => session.set({ notices: { newVersion } }), [session, newVersion])
  useEffect(() => {
    if (hasView(hash)) void import('../../view/opening').then(({ openView }) => openView(session, hash))
  }, [session, hash])
  useEffect(() => {
    const told = session.store.getState().notices.notes
    if (notes.length > 0) session.set({ notices: { notes: [...notes, ...told] } })
  }, [session, notes])
  return (
    <SessionContext value={session}>
      <Region name="The page">
        <App key={play.sessions()} />
      </Region>
      {'lesson' in linkParts(hash) && <Later load={loadFacts} props={{}} />}
    </SessionContext>
  )
}
