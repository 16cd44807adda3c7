/** The dialog *Share* of the playground. */
import { useState } from 'react'
import { readView } from '../../settings/view'
import { caption } from '../../settings/words'
import { usePage, useSession, useShown, useWanted } from '../app/store'
import { describe } from '../run/describe'
import { isWhole } from '../run/run'
import { Card } from './Card'
import { Dialog } from './Dialog'
import { fileName, savePng } from './share'
import { viewNow, viewWords } from './view-now'
import type { SharedPicture, Sharing } from './way'
import { ways } from './ways'

const PLAIN = 'It opens at the finished pictures. Go to a step, open a plot or a layer, and it can open there as well.'

/** Reads both: the picture that is saved is the one on the stage, and is named and described as such. */
function usePicture(): SharedPicture | null {
  const session = useSession()
  const model = usePage((state) => state.model)
  const run = useShown((shown) => (shown && isWhole(shown) ? shown : null))
  return (
    run && {
      label: 'With the three pictures',
      file: fileName(run.settings, model, 'png'),
      alt: describe(run, model),
      seen: <Card words={caption(run.settings, model)} view={[]} at={1} />,
      save: () => void savePng(session),
    }
  )
}

/** What is shared, with or without how the page is shown, and what the view would add in words. */
function useShared(withView: boolean) {
  const session = useSession()
  const settings = useWanted((own) => own)
  const model = usePage((state) => state.model)
  const [address] = useState(() => readView(window.location.hash).view)
  const now = viewNow(
    {
      playhead: usePage((state) => state.playhead),
      equation: usePage((state) => state.equation),
      network: usePage((state) => state.network),
      shell: usePage((state) => state.shell),
    },
    settings.steps,
    address,
  )
  const [page = '', hash = ''] = session.link().split('#')
  const picture = usePicture()
  const shared: Sharing = { page, hash, view: withView ? now : {}, words: caption(settings, model), Card, picture }
  return { shared, offers: viewWords(now, settings.steps, model) }
}

export default function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const [withView, setWithView] = useState(false)
  const sharing = useShared(withView)
  return <Dialog {...sharing} {...{ ways, plain: PLAIN, withView, onClose }} onWithView={setWithView} />
}
