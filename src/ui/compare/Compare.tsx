/** Two of the pictures in one place: which two, and how they are compared. Fetched when it is first opened. */
import { useEffect, useRef } from 'react'
import { usePage, useSession } from '../app/store'
import { Close } from '../kit/Close'
import { Segments } from '../kit/Segments'
import type { Ahead } from '../run/ahead'
import { useAbsence } from '../stage/Panel'
import { Hint } from '../kit/Hint'
import { Difference } from './Difference'
import { Laid } from './Laid'
import { Label } from './parts'
import { type Pair, pairOf, pairsThereAre, seenAt } from './pairs'
import { usePinnedWords } from './pinned-words'
import { wayById, ways } from './registry'
import type { Way } from './way'

const WAYS = ways.map(({ id, label }) => ({ value: id, label }))

/** Reads the cut itself: with each move of it no picture is rendered again. */
function Labels({ pair }: { readonly pair: Pair }) {
  const first = usePage(({ compare }) => seenAt(compare.cut).first)
  const second = usePage(({ compare }) => seenAt(compare.cut).second)
  return (
    <>
      <Label role={pair.first} seen={first} />
      <Label role={pair.second} seen={second} />
    </>
  )
}

interface PicturesProps {
  readonly pair: Pair
  readonly way: Way
  readonly ahead: Ahead
}

function Pictures({ pair, way, ahead }: PicturesProps) {
  return (
    <figure className="compare-picture min-w-0">
      <Laid pair={pair} ahead={ahead}>
        {way.Surface && <way.Surface key={way.id} pair={pair} />}
      </Laid>
      <figcaption className="mt-1.5 flex justify-between lg:mt-2">
        <Labels pair={pair} />
      </figcaption>
    </figure>
  )
}

interface ChoiceProps {
  readonly pairs: readonly Pair[]
  readonly pair: Pair
  readonly way: Way
}

function Choices({ pairs, pair, way }: ChoiceProps) {
  const session = useSession()
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <Segments
          part="compare-way"
          label="How to compare"
          value={way.id}
          options={WAYS}
          onChange={(id) => session.set({ compare: { way: id, cut: wayById(id).rest } })}
        />
        <Close part="compare-close" what="the comparison" onClick={() => session.set({ compare: { open: false } })} />
      </div>
      {pairs.length > 1 && (
        <Segments
          small
          part="compare-pair"
          label="What to compare"
          value={pair.id}
          options={pairs.map(({ id, first, second }) => ({ value: id, label: `${first} ↔ ${second}` }))}
          onChange={(id) => session.set({ compare: { pair: pairs.find((one) => one.id === id)?.id ?? pair.id } })}
        />
      )}
    </div>
  )
}

export default function Compare({ ahead }: Pick<PicturesProps, 'ahead'>) {
  const session = useSession()
  const way = wayById(usePage((state) => state.compare.way))
  const wanted = usePage((state) => state.compare.pair)
  const pinned = usePage((state) => state.compare.pinned !== null)
  const words = usePinnedWords()
  const pairs = pairsThereAre(useAbsence('negative') === null, pinned)
  const pair = pairOf(wanted, pairs)
  const root = useRef<HTMLDivElement>(null)
  // Who opened it means to move the line next, so its keys work at once.
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('[data-part="compare-surface"]')?.focus({ preventScroll: true })
  }, [])
  return (
    <div
      ref={root}
      role="group"
      aria-label="Comparison"
      data-part="compare"
      className="gap-6 sm:flex"
      onKeyDown={(event) => {
        if (event.key === 'Escape') session.set({ compare: { open: false } })
      }}
    >
      <Pictures pair={pair} way={way} ahead={ahead} />
      <div className="flex min-w-0 flex-1 flex-col gap-2.5 max-sm:mt-2 sm:gap-3.5">
        <Choices pairs={pairs} pair={pair} way={way} />
        <way.Help key={way.id} pair={pair} />
        {pair.first === 'pinned' && (
          <Hint part="compare-pinned" figures>
            Pinned: {words}.
          </Hint>
        )}
        <Difference pair={pair} />
      </div>
    </div>
  )
}
