/** The playground in a page of somebody else: the parts that the address names, one under the other, and the way to the whole. */
import { useDeferredValue, useMemo } from 'react'
import { encodeLink } from '../../settings'
import { usePage, useWanted } from '../app/store'
import { statusText } from '../bar/engine-status'
import { Link } from '../kit/Link'
import { popups } from '../kit/popups'
import { Heading } from './Heading'
import { usePart } from './Part'
import {
  AxisPanel,
  ControlsPanel,
  EquationPanel,
  JudgePanel,
  NoticesPanel,
  PicturesPanel,
  ScalePanel,
} from '../app/panels'

/** To the whole page with the same settings, in a tab of its own. */
function Whole() {
  const model = usePage((state) => state.model)
  const settings = useDeferredValue(useWanted((wanted) => wanted))
  const engine = usePage((state) => state.engine.status)
  const href = useMemo(() => `#${encodeLink(settings, model)}`, [settings, model])
  return (
    <footer className="flex items-baseline justify-between gap-3 text-hint text-muted">
      <span className="num min-w-0 truncate">{engine.kind === 'ready' ? '' : statusText(engine)}</span>
      <span className="shrink-0" data-part="embed-whole">
        <Link href={href}>Open in the Guidance Playground</Link>
      </span>
      <div ref={popups} className="absolute top-0 left-0" />
    </footer>
  )
}

function Pictures() {
  return (
    <div className="flex flex-col gap-x-6 gap-y-2 sm:flex-row sm:flex-wrap sm:items-center sm:justify-between">
      <Heading />
      <div className="max-sm:order-last sm:max-w-80 sm:flex-[1_1_13rem]">
        <ScalePanel />
      </div>
      <div className="w-full">
        <PicturesPanel />
      </div>
    </div>
  )
}

export default function Embedded() {
  const sided = usePart('controls') !== 'hidden'
  return (
    <div
      data-part="embedded"
      className={`paper relative mx-auto flex flex-col gap-3 p-3 ${sided ? 'max-w-5xl' : 'max-w-3xl'}`}
    >
      <div className={sided ? 'grid gap-x-6 gap-y-4 md:grid-cols-[minmax(0,1fr)_18rem]' : ''}>
        <main className="flex min-w-0 flex-col gap-3">
          <Pictures />
          <NoticesPanel />
          <EquationPanel />
          <JudgePanel />
          <AxisPanel />
        </main>
        {sided && <ControlsPanel className="min-w-0" />}
      </div>
      <Whole />
    </div>
  )
}
