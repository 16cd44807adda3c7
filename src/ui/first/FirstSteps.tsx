/** The first minute, in a line that a person can ignore: look, push, why. It goes with what the pictures show. */
import { useMemo, useState } from 'react'
import { methodById } from '../../guidance/index'
import { usePage, useShownSettings } from '../app/store'
import { Segments } from '../kit/Segments'
import { Words } from '../kit/Tex'
import { methodSentence } from '../method/methods'
import { measuredScales } from '../scale/measured-scales'
import { lookSentence, pushSentence } from './sentences'

const STEPS = [
  { value: 'look', label: '1 look' },
  { value: 'push', label: '2 push' },
  { value: 'why', label: '3 why' },
] as const
type Step = (typeof STEPS)[number]['value']

/** The step that a change of the settings leads to. */
function useStep(scale: number, method: string) {
  const [step, setStep] = useState<Step>('look')
  const [before, setBefore] = useState({ scale, method })
  if (before.scale !== scale || before.method !== method) {
    setBefore({ scale, method })
    setStep(before.method === method ? 'push' : 'why')
  }
  return [step, setStep] as const
}

export default function FirstSteps() {
  const settings = useShownSettings((own) => own)
  const published = usePage((state) => state.method.published)
  const measured = useMemo(() => measuredScales(published, settings), [published, settings])
  const [step, setStep] = useStep(settings.scale, settings.method)
  const method = methodById(settings.method)
  const said: Record<Step, string> = {
    look: lookSentence(settings),
    push: pushSentence(settings, measured),
    why: method ? methodSentence(method) : '',
  }
  return (
    <div data-part="first-steps" className="flex items-start gap-x-2.5 gap-y-1 text-hint max-sm:flex-col">
      <Segments
        small
        part="first"
        label="The first minute"
        value={step}
        options={STEPS}
        onChange={(next) => setStep(STEPS.find(({ value }) => value === next)?.value ?? 'look')}
      />
      <p data-part="first-says" className="min-w-0 flex-1 text-muted sm:pt-1">
        <Words>{said[step]}</Words>
      </p>
    </div>
  )
}
