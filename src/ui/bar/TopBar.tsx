/** Name, engine, sharing, view: one quiet line. */
import { usePage, useSession } from '../app/store'
import { popups } from '../kit/popups'
import { Progress } from '../kit/Progress'
import { Explore } from '../rooms/Explore'
import { present } from '../view/follow'
import { Tagline } from './Tagline'
import { EngineMenu } from './EngineMenu'
import { loadedShare } from './engine-status'
import { ShareMenu } from './ShareMenu'
import { nextTheme, THEME_NAME } from './theme-choice'

/** How far the model is; a line under the bar, and words in the engine's button. */
function LoadingLine() {
  const engine = usePage((state) => state.engine.status)
  if (engine.kind !== 'loading') return null
  return (
    <Progress
      className="absolute inset-x-0 -bottom-px"
      label="Loading the model"
      done={loadedShare(engine.phase)}
      total={1}
    />
  )
}

export function TopBar() {
  const session = useSession()
  const theme = usePage((state) => state.shell.theme)
  return (
    <header className="relative flex h-12 items-center gap-1.5 border-b border-line px-3 sm:px-6">
      <div className="shrink-0">
        <p className="leading-4.5 font-semibold tracking-[-0.01em]">
          Guidance<span className="max-sm:hidden"> Playground</span>
        </p>
        <Tagline className="max-xl:hidden" />
      </div>
      <div className="flex min-w-0 flex-1 justify-end">
        <EngineMenu />
      </div>
      <Explore />
      <button
        type="button"
        className="button quiet max-sm:hidden"
        data-part="theme"
        aria-label={`Theme: ${THEME_NAME[theme]}`}
        onClick={() => nextTheme(session, theme)}
      >
        <svg viewBox="0 0 12 12" className="size-3" aria-hidden>
          <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" strokeWidth="1.25" />
          <path d="M6 1a5 5 0 0 1 0 10z" fill="currentColor" />
        </svg>
        {THEME_NAME[theme]}
      </button>
      <button
        type="button"
        className="button quiet max-lg:hidden"
        data-part="present"
        onClick={() => void present(true)}
      >
        Present
      </button>
      <ShareMenu />
      <LoadingLine />
      <div ref={popups} className="absolute top-0 left-0" />
    </header>
  )
}
