/** The page: pictures and equation on the left, controls on the right (below on a phone), the noise axis at the foot. */
import { useCallback } from 'react'
import { usePage, useSession } from './store'
import { useStanding } from './standing'
import { useMedia, useThemeAttribute } from './theme'
import { useKeys } from './use-keys'
import { Later } from '../kit/Later'
import { popups } from '../kit/popups'
import { Tagline } from '../bar/Tagline'
import { More } from './More'
import { Region } from './Region'
import { useOpened } from '../run/use-opened'
import type { Brought } from '../share/dropping'
import { TopBar } from '../bar/TopBar'
import { Heading } from '../view/Heading'
import { Part, usePageView, usePart } from '../view/Part'
import { AxisPanel, ControlsPanel, EquationPanel, JudgePanel, NoticesPanel, PicturesPanel, ScalePanel } from './panels'

function Message() {
  const message = usePage((state) => state.notices.message)
  return (
    <div
      role="status"
      data-part="message"
      className="pointer-events-none fixed inset-x-0 bottom-44 z-40 flex justify-center"
    >
      {message && <span className="rounded-md bg-ink px-3 py-1.5 text-label text-bg">{message}</span>}
    </div>
  )
}

const loadFirstSteps = () => import('../first/FirstSteps')

/** Keeps its place until it comes, after the first pictures. */
function FirstMinute({ className }: { readonly className: string }) {
  const opened = useOpened()
  return (
    <Part name="first">
      <Region name="The first minute">
        <div data-part="first-minute" className={`mt-2 min-h-15 sm:min-h-8 lg:mt-1 print:hidden ${className}`}>
          {opened && <Later load={loadFirstSteps} props={{}} />}
        </div>
      </Region>
    </Part>
  )
}

/** What stays in view on a phone while the rest scrolls: the sentence, the pictures and the scale. A comparison takes the width, so it scrolls. */
function Pictures({ wide }: { readonly wide: boolean | null }) {
  const comparing = usePage((state) => state.compare.open)
  const alone = usePart('equation') === 'hidden'
  return (
    <div
      className={`${comparing ? '' : `${alone ? 'stage-alone' : 'stage'} max-lg:upright:sticky max-lg:upright:top-0 max-lg:upright:z-20 print:static!`} bg-bg px-3 pt-2 sm:px-6 lg:px-0 lg:pt-0`}
    >
      <div className="flex flex-col gap-x-6 lg:flex-row lg:flex-wrap lg:items-start lg:justify-between">
        <div className="min-w-0 lg:flex-[2_1_24rem]">
          <Heading />
          {wide !== false && <FirstMinute className={wide === null ? 'max-lg:hidden' : ''} />}
        </div>
        {/* Under the pictures on a phone, where the thumb is. Where it has a line of its own, all of it. */}
        <div className="max-lg:order-last print:hidden lg:max-w-[max((100%-2rem)/3,(38.5rem-100%)*999)] lg:flex-[1_1_13rem]">
          <ScalePanel />
        </div>
        <div className="pt-2 lg:w-full lg:pt-3">
          <PicturesPanel />
        </div>
      </div>
    </div>
  )
}

/** Drawn before anybody sees it, the first minute is in both of its places, of which styles show one. What scrolls is `relative`, for the hidden words in it: else they lie on the page itself and lengthen it. */
function Main() {
  const wide = useMedia('(min-width: 64rem)')
  return (
    <main className="contents lg:flex lg:min-h-0 lg:relative lg:flex-col lg:overflow-y-auto print:overflow-visible!">
      <Tagline className="px-3 pt-1.5 sm:px-6 xl:hidden" />
      <div className="w-full px-6 pt-4 pb-4 max-lg:contents">
        <Pictures wide={wide} />
        {/* Under the pictures, which no notice moves. */}
        <div className="px-3 sm:px-6 lg:px-0">
          {!wide && <FirstMinute className={wide === null ? 'lg:hidden' : ''} />}
          <NoticesPanel />
        </div>
        <div className="px-3 pt-3 pb-4 sm:px-6 lg:px-0 lg:pt-5 lg:short:pt-2.5">
          <Part name="equation judge">
            <More>
              <EquationPanel />
              <JudgePanel />
            </More>
          </Part>
        </div>
      </div>
    </main>
  )
}

function Side() {
  return (
    <ControlsPanel className="border-line px-3 pt-4 sm:px-6 max-lg:border-t lg:relative lg:overflow-y-auto lg:border-l lg:px-6 print:hidden" />
  )
}

/** Where the bar is hidden, menus still have their place in a landmark. */
function Bar() {
  if (usePart('bar') === 'hidden')
    return (
      <header className="absolute">
        <div ref={popups} />
      </header>
    )
  return (
    <Region name="The top bar">
      <TopBar />
    </Region>
  )
}

const loadDropZone = () => import('../share/DropZone')

/** What is dropped or pasted. What reads it is fetched when something is. */
function Arrivals() {
  const session = useSession()
  const open = useCallback(
    (brought: Brought) => void import('../share/open').then((share) => share.openBrought(session, brought)),
    [session],
  )
  return <Later load={loadDropZone} props={{ open }} />
}

const loadPaper = () => import('../share/Paper')

const loadEmbedded = () => import('../view/Embedded')
const loadPresenting = () => import('../view/Presenting')

function Whole() {
  const sided = usePart('controls') !== 'hidden'
  return (
    <div className="paper flex min-h-dvh flex-col lg:h-dvh print:block! print:h-auto!">
      <Bar />
      <div
        className={`flex-1 max-lg:in-data-lesson:flex-none lg:grid lg:min-h-0 ${sided ? 'sided lg:grid-cols-[minmax(0,1fr)_21.5rem] min-[1800px]:grid-cols-[minmax(0,1fr)_24.5rem]' : ''}`}
      >
        <Main />
        {sided && <Side />}
      </div>
      <div className="in-data-lesson:static! max-lg:tall:sticky max-lg:tall:bottom-0 max-lg:tall:z-20 print:hidden">
        <AxisPanel />
      </div>
    </div>
  )
}

export function App() {
  useThemeAttribute()
  useStanding()
  useKeys(useSession())
  const embed = usePageView((view) => view.embed)
  const presenting = usePageView((view) => view.present)
  const opened = useOpened()
  const other = embed ? loadEmbedded : presenting ? loadPresenting : null
  return (
    <>
      {other ? <Later key={String(embed)} load={other} props={{}} /> : <Whole />}
      <Message />
      {opened && !embed && <Arrivals />}
      {opened && <Later load={loadPaper} props={{}} />}
    </>
  )
}
