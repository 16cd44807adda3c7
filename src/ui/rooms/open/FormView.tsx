/** The description of the network as a form: every entry with its reason, what to confirm of it, and a way to change it. */
import { predictions } from '../../../model/predictions/index.generated'
import { schedules } from '../../../model/schedules/index.generated'
import { Flag } from '../../kit/Flag'
import { NumberInput } from '../../kit/NumberInput'
import { Row } from '../../kit/Row'
import { Segments } from '../../kit/Segments'
import { AskedFor } from './AskedFor'
import { Entry } from './Entry'
import { changed, explained, type FormProps, ofKind, renamed } from './form'
import { Inputs } from './Inputs'
import { KindFields } from './KindFields'
import { LatentFields } from './LatentFields'

/** Ranges that images are trained in. */
const RANGES = [
  { value: '-1 1', label: '−1 to 1' },
  { value: '0 1', label: '0 to 1' },
  { value: '0 255', label: '0 to 255' },
]

function Prediction({ looked, form, onChange }: FormProps) {
  const { prediction } = form.description
  return (
    <Entry part="entry-prediction" title="It predicts" explained={explained(looked, form, 'prediction')}>
      <KindFields
        part="prediction"
        label="Prediction"
        kinds={predictions}
        chosen={prediction}
        onKind={(id) => onChange(changed(form, 'prediction', { prediction: ofKind(predictions, id, prediction) }))}
        onChange={(next) => onChange(changed(form, 'prediction', { prediction: next }))}
      />
    </Entry>
  )
}

function Schedule({ looked, form, onChange }: FormProps) {
  const { schedule } = form.description
  return (
    <Entry part="entry-schedule" title="Noise schedule" explained={explained(looked, form, 'schedule')}>
      <KindFields
        part="schedule"
        label="Schedule"
        kinds={schedules}
        chosen={schedule}
        onKind={(id) => onChange(changed(form, 'schedule', { schedule: ofKind(schedules, id, schedule) }))}
        onChange={(next) => onChange(changed(form, 'schedule', { schedule: next }))}
      />
    </Entry>
  )
}

function Levels({ looked, form, onChange }: FormProps) {
  const { sigma } = form.description
  const field = (key: 'min' | 'max', label: string) => (
    <Row label={label}>
      <NumberInput
        part={`sigma-${key}`}
        label={label}
        value={sigma[key]}
        min={1e-6}
        max={1e6}
        className="w-24"
        onChange={(value) => onChange(changed(form, 'sigma', { sigma: { ...sigma, [key]: value } }))}
      />
    </Row>
  )
  return (
    <Entry part="entry-sigma" title="Noise levels σ" explained={explained(looked, form, 'sigma')}>
      {field('max', 'Sampling begins at')}
      {field('min', 'and ends at')}
    </Entry>
  )
}

function Values({ looked, form, onChange }: FormProps) {
  const { range, latent } = form.description
  if (latent) return null
  const value = `${range.low} ${range.high}`
  return (
    <Entry part="entry-range" title="Values of images" explained={explained(looked, form, 'range')}>
      <Segments
        part="range"
        label="Values of images"
        value={value}
        options={RANGES.some((one) => one.value === value) ? RANGES : [...RANGES, { value, label: value }]}
        onChange={(next) => {
          const [low = -1, high = 1] = next.split(' ').map(Number)
          onChange(changed(form, 'range', { range: { low, high } }))
        }}
      />
    </Entry>
  )
}

/** What D is held within, where it is: the range of the network's own images. */
function Held({ looked, form, onChange }: FormProps) {
  const { clip: most, latent } = form.description
  if (latent && most === undefined) return null
  const set = (on: boolean) => {
    const { clip: _, ...description } = form.description
    onChange(changed({ ...form, description }, 'clip', on ? { clip: 1 } : {}))
  }
  return (
    <Entry part="entry-clip" title="Held in range" explained={explained(looked, form, 'clip')}>
      <Flag
        part="clip"
        label={`What it predicts is held within ±${most ?? 1} at each step`}
        help="As diffusers’ DDPM and DDIM do (clip_sample). A network of ε errs by σ times as much at high noise."
        value={most !== undefined}
        onChange={set}
      />
    </Entry>
  )
}

function Output({ looked, form, onChange }: FormProps) {
  const { output, image } = form.description
  return (
    <Entry part="entry-output" title="Its output" explained={explained(looked, form, 'output')}>
      <Flag
        part="learned-variance"
        label="Half of its channels are a learned variance"
        help={`Then it has ${2 * image.channels} channels for ${image.channels}, and the second half is dropped.`}
        value={output.learnedVariance}
        onChange={(learnedVariance) => onChange(changed(form, 'output', { output: { ...output, learnedVariance } }))}
      />
    </Entry>
  )
}

function Name({ form, onChange }: Omit<FormProps, 'looked'>) {
  return (
    <Entry part="entry-name" title="Its name" explained={{ reasons: [], doubts: [] }}>
      <input
        data-part="model-name"
        aria-label="Name of the model"
        className="field max-w-xs"
        maxLength={60}
        value={form.named.name}
        onChange={(event) => onChange(renamed(form, { name: event.target.value }))}
      />
    </Entry>
  )
}

export function FormView(props: FormProps) {
  return (
    <div data-part="description" className="mt-2 border-b border-line">
      <Name {...props} />
      <Inputs {...props} />
      <Prediction {...props} />
      <Schedule {...props} />
      <Levels {...props} />
      <Values {...props} />
      <LatentFields {...props} />
      <Held {...props} />
      <Output {...props} />
      <AskedFor {...props} />
    </div>
  )
}
