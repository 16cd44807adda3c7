/** The seed: chosen for a clear repair, or not, which the page says; Next goes to ones that nobody has looked at. */
import { useRef } from 'react'
import { methodById } from '../../guidance/index'
import { cardAddress } from '../../model/served'
import type { ChosenSeeds } from '../../model/types'
import { OWN } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { PopoverButton } from '../kit/dropdown'
import { Flag } from '../kit/Flag'
import { Hint } from '../kit/Hint'
import { Link } from '../kit/Link'
import { NumberInput } from '../kit/NumberInput'
import { Row } from '../kit/Row'
import { chosenSeed, sharesWith } from './seeds'

/** Of too few seeds for decimals; the sign stays with its number. */
const percent = (share: number) => `${Math.round(100 * share)}\u00a0%`

/** On how many seeds guidance helps and harms, where that was counted with these settings. */
function Counted({ criterion }: { readonly criterion: string }) {
  const model = usePage((state) => state.model)
  const settings = useWanted((own) => own)
  const shares = sharesWith(settings, model)
  if (!shares) return 'How often it helps with the present settings was not counted.'
  const { ofClass, ofAll } = shares
  return (
    `Of all of them it helps on ${percent(ofClass.helps)} (${criterion}) and harms on ${percent(ofClass.harms)}; ` +
    `over all classes on ${percent(ofAll.helps)} and ${percent(ofAll.harms)}.`
  )
}

/** How the chosen seed was chosen. */
function Chosen({ how }: { readonly how: ChosenSeeds }) {
  const model = usePage((state) => state.model)
  const { preset, tried, criterion } = how
  const method = typeof preset.method === 'string' ? methodById(preset.method) : undefined
  const scale = typeof preset.scale === 'number' ? ` at s = ${preset.scale}` : ''
  return (
    // One line that never breaks: it stands above everything else in the column, which would jump with it.
    <div className="mt-1 flex items-baseline justify-end gap-1 text-hint whitespace-nowrap text-muted">
      a chosen seed ·
      <PopoverButton
        part="seed-how"
        label="A chosen seed: how, and how often it harms"
        className="link rounded-sm"
        face="how, and how often it harms"
        title="A chosen seed"
      >
        <Hint part="seed-origin" figures className="mt-1">
          {`Of ${tried} seeds of this class, the one that ${method?.name ?? 'guidance'}${scale} repairs most clearly.`}{' '}
          <Counted criterion={criterion} /> Next shows unchosen ones.{' '}
          <Link href={cardAddress(model.id)}>The search and its criterion</Link>
        </Hint>
      </PopoverButton>
    </div>
  )
}

/** The way back from a seed that nobody chose. */
function Unchosen({ chosen, onBack }: { readonly chosen: number; readonly onBack: () => void }) {
  return (
    <Hint part="seed-origin" className="mt-1 text-right">
      unchosen ·{' '}
      <button type="button" data-part="choose-seed" className="link rounded-sm" onClick={onBack}>
        {`back to the chosen ${chosen}`}
      </button>
    </Hint>
  )
}

export function Seed() {
  const session = useSession()
  const seed = useWanted((settings) => settings.seed)
  const kept = usePage((state) => state.controls.seedKept)
  const chosen = useWanted((settings, { model }) => chosenSeed(settings.class, model))
  const how = usePage((state) => state.model.chosen)
  const nextButton = useRef<HTMLButtonElement>(null)
  function goBack() {
    session.chooseSeed()
    // The way back goes with the click, and must not take the focus with it.
    nextButton.current?.focus()
  }
  return (
    <>
      <div>
        <Row label="Seed">
          <div className="flex items-center gap-1">
            <NumberInput
              part="seed"
              label="Seed"
              value={seed}
              min={OWN.seed.min}
              max={OWN.seed.max}
              whole
              className="w-20"
              onChange={session.keepSeed}
            />
            <button
              ref={nextButton}
              type="button"
              data-part="next-seed"
              className="button h-7"
              onClick={session.nextSeed}
            >
              Next
            </button>
          </div>
        </Row>
        {how &&
          chosen !== null &&
          (seed === chosen ? <Chosen how={how} /> : <Unchosen chosen={chosen} onBack={goBack} />)}
      </div>
      {how && (
        <Flag
          part="keep-seed"
          label="Keep the seed"
          help={
            kept ? 'The noise stays the same whatever else changes.' : 'Another class opens with its own chosen seed.'
          }
          value={kept}
          onChange={session.keepSeeds}
        />
      )}
    </>
  )
}
