/** The tab of a paper's metrics: files first, then what is measured with them. */
import { useMemo, useSyncExternalStore } from 'react'
import { durationText } from '../../../../../core/format'
import { encodeLink } from '../../../../../settings'
import { drawnTogether } from '../../../../../worker/client/backends'
import { browserFeatures } from '../../../../../worker/features/client'
import { messageOf } from '../../../../../core/failure'
import { Progress } from '../../../../kit/Progress'
import { Segments } from '../../../../kit/Segments'
import { useOwned } from '../../../../kit/use-owned'
import { download } from '../../../../share/share'
import { imageOf } from '../../judged/point'
import type { Lab } from '../../lab'
import type { TabProps } from '../../tab'
import { useLab } from '../../use-lab'
import { createPaperDesk, type PaperDesk, type PaperRow, type PaperState } from './desk'
import { Files } from './Files'
import { Numbers } from './Numbers'
import { askedOf, COUNTS, type PaperWish, saidOf, wishOf } from './wish'

const TAB = 'paper'

export default function PaperTab({ lab }: TabProps) {
  const desk = useOwned(() =>
    createPaperDesk({
      client: browserFeatures(),
      storage: lab.storage,
      engine: (model) => lab.engine(model),
      together: () => {
        const { engine } = lab.store.getState()
        return engine.kind === 'ready' ? drawnTogether(engine.backend.id) : 1
      },
      now: lab.now,
      date: () => Date.now(),
    }),
  )
  return desk && <Inside lab={lab} desk={desk} />
}

interface InsideProps {
  readonly lab: Lab
  readonly desk: PaperDesk
}

interface WishFormProps {
  readonly wish: PaperWish
  readonly drawing: boolean
  readonly opened: boolean
  /** What is wrong with what is asked for, and what went wrong. */
  readonly why: string | null
  readonly failure: string | null
  readonly onChange: (wish: PaperWish) => void
  readonly onStart: () => void
  readonly onStop: () => void
}

function WishForm({ wish, drawing, opened, why, failure, onChange, onStart, onStop }: WishFormProps) {
  return (
    <form
      className="flex flex-col gap-2.5"
      onSubmit={(event) => {
        event.preventDefault()
        onStart()
      }}
    >
      <label className="flex flex-wrap items-center gap-2 text-label">
        <span className="w-20 shrink-0 text-muted">scales s</span>
        <input
          data-part="paper-scales"
          className="num field w-64 max-w-full min-w-0"
          spellCheck={false}
          autoComplete="off"
          value={wish.scales}
          onChange={(event) => onChange({ ...wish, scales: event.target.value })}
        />
      </label>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments
          part="paper-images"
          label="Images of each scale"
          value={String(wish.images)}
          options={COUNTS.map((count) => ({ value: String(count), label: String(count) }))}
          onChange={(count) => onChange({ ...wish, images: Number(count) })}
        />
        <span className="text-label text-muted">images each</span>
        {drawing ? (
          <button type="button" className="button" data-part="paper-stop" onClick={onStop}>
            Pause
          </button>
        ) : (
          <button type="submit" className="button" data-part="paper-draw" disabled={!opened || why !== null}>
            Draw and measure
          </button>
        )}
        {!opened && <span className="text-hint text-muted">Open a network first.</span>}
      </div>
      <p role="status" className="text-hint text-alert" data-part="paper-fault">
        {failure ?? why}
      </p>
    </form>
  )
}

function Standing({ stage, rows, wanted, millisecondsLeft }: PaperState) {
  if (stage !== 'drawing' && stage !== 'measuring') return null
  const done = rows.reduce((sum, { have }) => sum + have, 0)
  const left = millisecondsLeft === null ? '' : `, about ${durationText(millisecondsLeft)} left`
  return (
    <div className="max-w-xl">
      <p className="num text-hint text-muted">
        {done} of {rows.length * wanted} images
        {stage === 'measuring' ? ', measuring' : left}
      </p>
      <Progress label="Images of all scales" done={done} total={rows.length * wanted} />
    </div>
  )
}

async function saveRow({ lab, desk }: InsideProps, row: PaperRow) {
  try {
    download(new Blob([await desk.save(row)]), `reference-s${row.scale}-${row.have}.npz`)
    lab.say('Reference saved.')
  } catch (error) {
    lab.say(messageOf(error))
  }
}

function Inside(props: InsideProps) {
  const { lab, desk } = props
  const { model, settings } = useLab(lab, ({ subject }) => subject)
  const said = useLab(lab, (state) => state.said[TAB])
  const wish = useMemo(() => wishOf(said ?? {}, settings), [said, settings])
  const state = useSyncExternalStore(desk.store.subscribe, desk.store.getState)
  const { stage, opened, failure } = state
  const asked = askedOf(wish, settings, model, '')
  const change = (next: PaperWish) => lab.write(TAB, saidOf(next))
  const start = () => {
    change(wish)
    desk.start((judge) => {
      const found = askedOf(wish, settings, model, judge)
      return typeof found === 'string' ? [] : found
    }, wish.images)
  }
  return (
    <div className="flex max-w-[80rem] flex-col gap-5" data-part="paper" data-stage={stage}>
      <p className="max-w-2xl text-muted">
        The judge’s numbers compare with nobody’s. With a paper’s feature network and reference statistics you get the
        paper’s: FID, KID, FD-DINOv2 or CMMD. Nothing is uploaded.
      </p>
      <Files opened={opened} opening={stage === 'opening'} onOpen={(...files) => void desk.open(...files)} />
      <WishForm
        wish={wish}
        drawing={stage === 'drawing' || stage === 'measuring'}
        opened={opened !== null}
        why={typeof asked === 'string' ? asked : null}
        failure={failure}
        onChange={change}
        onStart={start}
        onStop={() => desk.stop()}
      />
      <Standing {...state} />
      <Numbers
        state={state}
        linkOf={({ point }) => `#${encodeLink(imageOf(point, 0), point.model)}`}
        onSave={(row) => void saveRow(props, row)}
      />
    </div>
  )
}
