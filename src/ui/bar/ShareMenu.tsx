/** Sharing, saving and opening: links, pictures, settings, and on a phone what the bar has no room for. */
import { useRef, useState } from 'react'
import type { Session } from '../app/session'
import { usePage, useSession, useShown } from '../app/store'
import { MenuButton } from '../kit/dropdown'
import { FileInput } from '../kit/FileInput'
import { Later } from '../kit/Later'
import { isWhole } from '../run/run'
import { nextTheme, THEME_NAME } from './theme-choice'

/** What is saved and opened is asked for long after the first pictures. */
const saver = () => import('../share/share')
const loadDialog = () => import('../share/ShareDialog')
const making = () => import('../teaching/make')
const exporting = () => import('../share/export')

/** What can be saved; tensors only of a run that was sampled here. */
const saving = (session: Session, finished: boolean, live: boolean) => [
  {
    part: 'save-png',
    label: 'Save PNG of the three pictures',
    disabled: !finished,
    onChoose: () => void saver().then(({ savePng }) => savePng(session)),
  },
  {
    part: 'save-json',
    label: 'Save JSON of the settings',
    onChoose: () => void saver().then(({ saveJson }) => saveJson(session)),
  },
  {
    part: 'save-steps',
    label: 'Save every step as PNGs (ZIP)',
    disabled: !finished,
    onChoose: () => void exporting().then(({ saveSteps }) => saveSteps(session)),
  },
  {
    part: 'save-animation',
    label: 'Save an animation of the steps (APNG)',
    disabled: !finished,
    onChoose: () => void exporting().then(({ saveAnimation }) => saveAnimation(session)),
  },
  {
    part: 'save-tensors',
    label: 'Save noise and tensors of each step (.npz)',
    disabled: !finished || !live,
    onChoose: () => void exporting().then(({ saveTensors }) => saveTensors(session)),
  },
]

export function ShareMenu() {
  const session = useSession()
  const file = useRef<HTMLInputElement>(null)
  const theme = usePage((state) => state.shell.theme)
  const finished = useShown((run) => run !== null && isWhole(run))
  const live = useShown((run) => run?.origin === 'live')
  const [sharing, setSharing] = useState(false)
  const share = () => setSharing(true)
  return (
    <>
      <button
        type="button"
        data-part="to-share"
        aria-haspopup="dialog"
        className="button max-sm:hidden"
        onPointerEnter={() => void loadDialog().catch(() => undefined)}
        onClick={share}
      >
        Share
      </button>
      {sharing && <Later load={loadDialog} props={{ onClose: () => setSharing(false) }} />}
      <MenuButton
        part="files"
        className="button"
        face="Save and open"
        popupClassName="w-80 max-w-[calc(100vw-1.5rem)]"
        items={() => [
          { part: 'menu-share', label: 'Share a link, an embed or a code…', className: 'sm:hidden', onChoose: share },
          ...saving(session, finished, live),
          { part: 'to-make', label: 'Make a lesson…', onChoose: () => void making().then(({ make }) => make(session)) },
          { label: 'Open JSON or PNG…', onChoose: () => file.current?.click() },
          {
            label: `Theme: ${THEME_NAME[theme]}`,
            className: 'sm:hidden',
            stays: true,
            onChoose: () => nextTheme(session, theme),
          },
        ]}
      />
      <FileInput
        ref={file}
        part="open-file"
        accept=".json,.png,.txt,application/json,image/*,text/plain"
        label="Open settings"
        onFile={(chosen) => void import('../share/open').then(({ openFile }) => openFile(session, chosen))}
      />
    </>
  )
}
