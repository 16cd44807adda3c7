/** Plays the way, and says what the pictures show of it. */
import { usePage, useSession, useShown } from '../app/store'
import { Segments } from '../kit/Segments'

export function Transport() {
  const session = useSession()
  const playing = usePage((state) => state.playhead.playing)
  const view = usePage((state) => state.stage.view)
  const live = useShown((run) => run?.origin === 'live')
  return (
    <div className="flex items-center gap-1.5 sm:gap-3">
      <button
        type="button"
        data-part="play"
        data-playing={playing}
        className="button sm:w-[4.75rem]"
        onClick={session.togglePlay}
      >
        <svg viewBox="0 0 10 10" className="size-2.5" aria-hidden>
          {playing ? (
            <path d="M1 0h3v10H1zM6 0h3v10H6z" fill="currentColor" />
          ) : (
            <path d="M1 0l9 5-9 5z" fill="currentColor" />
          )}
        </svg>
        <span className="max-sm:sr-only">{playing ? 'Pause' : 'Play'}</span>
      </button>
      {live ? (
        <Segments
          part="view"
          label="Pictures show"
          value={view}
          options={[
            { value: 'denoised', label: 'denoised' },
            { value: 'noisy', label: 'noisy x' },
          ]}
          onChange={(next) => session.set({ stage: { view: next === 'noisy' ? 'noisy' : 'denoised' } })}
        />
      ) : (
        <span className="text-hint whitespace-nowrap text-muted max-sm:hidden">noisy x comes with the live model</span>
      )}
    </div>
  )
}
