/** A wall of seeds: many samples of one setting beside each other, in the order of what guidance did to them. */
import { useEffect, useMemo, useState } from 'react'
import type { ModelInfo } from '../../../../../model/types'
import { encodeLink } from '../../../../../settings'
import { countRefusal } from '../../../../judge/judge'
import { Hint } from '../../../../kit/Hint'
import { Segments } from '../../../../kit/Segments'
import { useOwned } from '../../../../kit/use-owned'
import { settingsRefusals } from '../../../../method/methods'
import { useRoomSeen } from '../../../shown'
import type { TabProps } from '../../tab'
import { useKept, useLab } from '../../use-lab'
import { Judged } from './Judged'
import { type Order, orderById, ORDERS, sorted } from './orders'
import { Steering } from './Steering'
import { type Seen, SEEN, Tile } from './Tile'
import { createWall, FEWEST, MOST, type Wall } from './wall'

const TAB = 'seeds'
const COUNT = 24
const BY = ORDERS.map(({ id, label }) => ({ value: id, label }))

export default function SeedsTab({ lab }: TabProps) {
  const wall = useOwned(() => createWall(lab))
  return wall && <Inside lab={lab} wall={wall} />
}

function countOf(text: string | undefined): number {
  const named = Number(text ?? COUNT)
  return Number.isInteger(named) && named >= FEWEST && named <= MOST ? named : COUNT
}

interface ListProps {
  readonly wall: Wall
  readonly model: ModelInfo
  readonly order: Order
  readonly seen: Seen
}

function List({ wall, model, order, seen }: ListProps) {
  const samples = useKept(wall.store, (state) => state.samples)
  const all = useMemo(() => sorted(samples, order), [samples, order])
  return (
    <ol
      data-part="wall"
      aria-label="Samples"
      className="mt-3 grid gap-2"
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${seen === 'both' ? '11rem' : '6.5rem'}, 1fr))` }}
    >
      {all.map((sample) => (
        <Tile
          key={sample.id}
          sample={sample}
          order={order}
          seen={seen}
          href={`#${encodeLink(sample.settings, model)}`}
        />
      ))}
    </ol>
  )
}

function Inside({ lab, wall }: TabProps & { readonly wall: Wall }) {
  const room = useRoomSeen()
  const { model, settings } = useLab(lab, (state) => state.subject)
  const said = useLab(lab, (state) => state.said[TAB])
  const count = countOf(said?.n)
  const order = orderById(said?.by)
  const [seen, setSeen] = useState<Seen>('guided')
  useEffect(() => wall.show(room), [wall, room])
  useEffect(() => void wall.mean({ model, settings, count }), [wall, model, settings, count])
  const say = (change: { readonly n?: number; readonly by?: string }) =>
    lab.write(TAB, { n: String(change.n ?? count), by: change.by ?? order.id }, 'new')
  return (
    <>
      <Steering
        wall={wall}
        count={count}
        refusal={countRefusal(settings, count) ?? settingsRefusals(settings, model)[0] ?? null}
        onCount={(n) => say({ n })}
      />
      <div className="mt-4 flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line pt-3">
        <div className="flex flex-wrap items-center gap-2 text-label text-muted">
          <span aria-hidden>Order</span>
          <Segments
            part="wall-order"
            label="Order of the samples"
            value={order.id}
            options={BY}
            onChange={(by) => say({ by })}
          />
        </div>
        <Segments
          part="wall-seen"
          label="Which pictures"
          value={seen}
          options={SEEN}
          onChange={(next) => setSeen(next === 'both' ? 'both' : 'guided')}
        />
      </div>
      <div className="mt-2 flex min-h-8 max-w-[52rem] flex-col gap-1.5">
        <Hint part="wall-help">{order.help}</Hint>
        <Judged wall={wall} order={order} bytes={lab.judge.bytes(model)} />
      </div>
      <List wall={wall} model={model} order={order} seen={seen} />
    </>
  )
}
