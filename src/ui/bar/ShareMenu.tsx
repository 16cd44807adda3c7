/** Saving and opening: pictures, settings, and on a phone what the bar has no room for. */
import { useRef } from 'react'
import type { Session } from '../app/session'
import { usePage, useSession, useShown } from '../app/store'
import { MenuButton } from '../kit/dropdown'
import { FileInput } from '../kit/FileInput'
import { copyLink } from '../share/copy-link'
import { isWhole } from '../run/run'
import { nextTheme, THEME_NAME } from './theme-choice'

/** What is saved and opened is asked for long after the first pictures. */
const share = () => import('../share/share')
const making = () => import('../teaching/make')
const exporting = () => import('../share/export')

/** What can be saved; tensors only of a run that was sampled here. */
const saving = (session: Session, finished: boolean, live: boolean) => [
  {
    part: 'save-png',
    label: 'Save PNG of the three pictures',
    disabled: !finished,
    onChoose: () => void share().then(({ savePng }) => savePng(session)),
  },
  {
    part: 'save-json',
    label: 'Save JSON of the settings',
    onChoose: () => void share().then(({ saveJson }) => saveJson(session)),
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
  return (
    <>
      <MenuButton
        part="files"
        className="button"
        face="Save and open"
        popupClassName="w-80 max-w-[calc(100vw-1.5rem)]"
        items={() => [
          { label: 'Copy link', className: 'sm:hidden', onChoose: () => void copyLink(session) },
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
