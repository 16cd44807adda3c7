/** The page before an audience: the pictures fill the screen, and keys do what hands would have to look for. */
import './presenting.css'
import { useMemo, useState } from 'react'
import { usePage, useSession } from '../app/store'
import { statusText } from '../bar/engine-status'
import { popups } from '../kit/popups'
import { Heading } from './Heading'
import { PRESENT_KEYS, PRESENTED, type Presented, type Stagehand } from './present-keys'
import { leave, StageCorner, StageHelp, useStageKeys } from './stage'
import { AxisPanel, ControlsPanel, EquationPanel, NoticesPanel, PicturesPanel, ScalePanel } from '../app/panels'

/** What is covered and opened, and the keys that do it. */
function usePresented() {
  const session = useSession()
  const [now, setNow] = useState(PRESENTED)
  const hand = useMemo((): Stagehand => {
    const set = (change: Partial<Presented>) => setNow((before) => ({ ...before, ...change }))
    return { session, now, set, leave, stepBy: (by) => session.stepBy(by), help: () => set({ help: !now.help }) }
  }, [session, now])
  useStageKeys(PRESENT_KEYS, hand)
  return hand
}

interface HeadProps {
  readonly onHelp: () => void
}

function Head({ onHelp }: HeadProps) {
  const engine = usePage((state) => state.engine.status)
  return (
    <header className="relative flex flex-wrap items-start gap-x-6 gap-y-1 px-3 pt-3 pb-1 sm:px-6">
      <div className="max-w-full">
        <Heading />
        {engine.kind !== 'ready' && <p className="num text-hint text-muted">{statusText(engine)}</p>}
      </div>
      <div className="max-sm:order-last max-sm:w-full sm:flex-[1_1_14rem] sm:max-w-88">
        <ScalePanel />
      </div>
      <StageCorner onHelp={onHelp} />
      <div ref={popups} className="absolute top-0 left-0" />
    </header>
  )
}

function Shown({ equation }: { readonly equation: boolean }) {
  if (equation) {
    return (
      <div className="present-equation">
        <EquationPanel />
      </div>
    )
  }
  return (
    <div className="present-pictures">
      <PicturesPanel />
    </div>
  )
}

export default function Presenting() {
  const { now, set } = usePresented()
  return (
    <div data-part="presenting" data-covered={now.covered} className="paper flex min-h-dvh flex-col lg:h-dvh">
      <Head onHelp={() => set({ help: true })} />
      <div className="flex min-h-0 lg:flex-1">
        <main className="present-stage relative min-w-0 flex-1 overflow-y-auto px-3 pb-3 sm:px-6">
          <Shown equation={now.equation} />
          <NoticesPanel />
        </main>
        {now.controls && <ControlsPanel className="relative w-80 overflow-y-auto border-l border-line px-5" />}
      </div>
      <AxisPanel />
      {now.help && <StageHelp keys={PRESENT_KEYS} onClose={() => set({ help: false })} />}
    </div>
  )
}
