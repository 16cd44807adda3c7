/** The pinned run beside the others: its guided picture at the playhead, and what sets its settings apart from those on the stage. Fetched with the first pin. */
import { usePage, useSession } from '../app/store'
import { Close } from '../kit/Close'
import { Picture } from '../stage/Picture'
import { useSamplePixels } from '../stage/sample-pixels'
import { columnsFor, useSamplesSeen } from '../stage/visible'
import { usePinnedWords } from './pinned-words'

function Sample({ index }: { readonly index: number }) {
  const size = usePage((state) => state.model.image)
  const { pixels, drawn } = useSamplePixels('pinned', index)
  return <Picture pixels={pixels} size={size} drawn={drawn} />
}

function Inside() {
  const session = useSession()
  const samples = useSamplesSeen()
  const comparing = usePage(({ compare }) => compare.open && compare.pair === 'pinned-guided')
  const words = usePinnedWords()
  return (
    <div role="group" aria-label="Pinned run" data-part="pinned" className="mt-2 flex items-center gap-3">
      <div
        className="grid w-14 shrink-0 gap-px overflow-hidden rounded-[2px]"
        style={{ gridTemplateColumns: `repeat(${columnsFor(samples.length)}, minmax(0, 1fr))` }}
      >
        {samples.map((index) => (
          <Sample key={index} index={index} />
        ))}
      </div>
      <p className="min-w-0 flex-1 text-label">
        <span className="font-medium">Pinned</span>{' '}
        <span className="num text-muted" data-part="pinned-words">
          {words}
        </span>
      </p>
      {!comparing && (
        <button
          type="button"
          data-part="pinned-compare"
          className="button h-7 shrink-0"
          onClick={() => session.set({ compare: { open: true, pair: 'pinned-guided' } })}
        >
          Compare
        </button>
      )}
      <Close
        part="unpin"
        what="the pinned run"
        onClick={() => {
          session.set({ compare: { pinned: null } })
          // The button that was pressed is gone.
          document.querySelector<HTMLElement>('[data-part="pin"]')?.focus({ preventScroll: true })
        }}
      />
    </div>
  )
}

export default function Pinned() {
  const pinned = usePage((state) => state.compare.pinned !== null)
  return pinned && <Inside />
}
