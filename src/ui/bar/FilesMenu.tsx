/** What is behind *Save and open*; it is loaded because it was asked to open. */
import type { Session } from '../app/session'
import { usePage, useSession, useShown } from '../app/store'
import type { ButtonLook } from '../kit/dropdown-props'
import Menu from '../kit/Menu'
import { isWhole } from '../run/run'
import { nextTheme, THEME_NAME } from './theme-choice'

const saver = () => import('../share/share')
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

interface FilesMenuProps extends ButtonLook {
  readonly share: () => void
  /** Asks for a file. */
  readonly open: () => void
}

export default function FilesMenu({ share, open, ...look }: FilesMenuProps) {
  const session = useSession()
  const theme = usePage((state) => state.shell.theme)
  const finished = useShown((run) => run !== null && isWhole(run))
  const live = useShown((run) => run?.origin === 'live')
  return (
    <Menu
      {...look}
      popupClassName="w-80 max-w-[calc(100vw-1.5rem)]"
      items={() => [
        { part: 'menu-share', label: 'Share a link, an embed or a code…', className: 'sm:hidden', onChoose: share },
        ...saving(session, finished, live),
        { part: 'to-make', label: 'Make a lesson…', onChoose: () => void making().then(({ make }) => make(session)) },
        { label: 'Open JSON, PNG or a model…', onChoose: open },
        {
          label: `Theme: ${THEME_NAME[theme]}`,
          className: 'sm:hidden',
          stays: true,
          onChoose: () => nextTheme(session, theme),
        },
      ]}
    />
  )
}
