/** What the network is asked for: classes with their names, texts, or nothing. */
import { Flag } from '../../kit/Flag'
import { Hint } from '../../kit/Hint'
import { NumberInput } from '../../kit/NumberInput'
import { Row } from '../../kit/Row'
import { Entry } from './Entry'
import { changed, explained, type FormProps, renamed } from './form'

const MOST_CLASSES = 100_000

function Classes({ form, onChange }: Omit<FormProps, 'looked'>) {
  const { conditioning } = form.description
  if (conditioning.kind !== 'class') return null
  const set = (patch: Partial<typeof conditioning>) =>
    onChange(changed(form, 'conditioning', { conditioning: { ...conditioning, ...patch } }))
  return (
    <>
      <Row label="Classes">
        <NumberInput
          part="class-count"
          label="Number of classes"
          value={conditioning.count}
          min={1}
          max={MOST_CLASSES}
          whole
          className="w-24"
          onChange={(count) => set({ count })}
        />
      </Row>
      <Flag
        part="label-dropout"
        label="It also knows “no class”"
        help="Trained with its class dropped at times, so that CFG needs no second network."
        value={conditioning.labelDropout}
        onChange={(labelDropout) => set({ labelDropout })}
      />
      <label className="flex flex-col gap-1 text-label">
        <span className="text-muted">Names of the classes, one a line (or none: they are numbered)</span>
        <textarea
          data-part="class-names"
          className="field py-1.5"
          rows={3}
          value={(form.named.classes ?? []).join('\n')}
          onChange={(event) => onChange(renamed(form, { classes: event.target.value.split('\n') }))}
        />
      </label>
    </>
  )
}

/** Texts that the encoder makes embeddings of. */
function Prompts({ form, onChange, encoders }: Omit<FormProps, 'looked'> & { readonly encoders: readonly string[] }) {
  return (
    <label className="flex flex-col gap-1 text-label">
      <span className="text-muted">
        Texts to choose from, one a line; {encoders.join(' and ')} {encoders.length > 1 ? 'make' : 'makes'} embeddings
        of them, and of none for CFG’s negative
      </span>
      <textarea
        data-part="prompts"
        className="field py-1.5"
        rows={3}
        placeholder="a photo of a red fox"
        value={(form.named.prompts ?? []).join('\n')}
        onChange={(event) => onChange(renamed(form, { prompts: event.target.value.split('\n') }))}
      />
    </label>
  )
}

export function AskedFor({ looked, form, onChange }: FormProps) {
  const { kind } = form.description.conditioning
  const { texts } = looked
  return (
    <Entry part="entry-conditioning" title="Asked for" explained={explained(looked, form, 'conditioning')}>
      {kind === 'none' && <Hint>Nothing: it draws what it learned.</Hint>}
      {kind === 'text' && !texts && looked.beside.encoders.length > 0 && (
        <Prompts {...{ form, onChange }} encoders={looked.beside.encoders} />
      )}
      {kind === 'text' && (texts || looked.beside.encoders.length === 0) && (
        <Hint part="texts">
          {texts
            ? `Texts, whose embeddings are in ${texts.file}: ${texts.prompts.map((text) => (text === '' ? 'none' : `“${text}”`)).join(', ')}.`
            : 'Texts, by their embeddings: drop also its text encoder as ONNX with tokenizer.json and tokenizer_config.json (of several, each in its folder), or a safetensors file with a tensor for each text input, named as the input, a row for each text, and the texts as a JSON list in its metadata “prompts”. The empty text is what CFG pushes away from.'}
        </Hint>
      )}
      <Classes form={form} onChange={onChange} />
    </Entry>
  )
}
