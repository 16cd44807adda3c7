/** Whether x is a picture, or the latent of one, and by what it was scaled. */
import { Flag } from '../../kit/Flag'
import { Hint } from '../../kit/Hint'
import { NumberInput } from '../../kit/NumberInput'
import { Row } from '../../kit/Row'
import { Entry } from './Entry'
import { changed, explained, type FormProps } from './form'

export function LatentFields({ looked, form, onChange }: FormProps) {
  const { latent, range } = form.description
  const set = (next: typeof latent) =>
    onChange(changed(form, 'latent', { latent: next, ...(next && { range: { low: -1, high: 1 } }) }))
  const field = (key: 'factor' | 'shift', label: string) => {
    const value = latent?.[key]
    if (typeof value !== 'number') return <Hint>{`${label}: one for each channel (${(value ?? []).join(', ')})`}</Hint>
    return (
      <Row label={label}>
        <NumberInput
          part={`latent-${key}`}
          label={label}
          value={value}
          min={-1e4}
          max={1e4}
          className="w-24"
          onChange={(next) => set(latent && { ...latent, [key]: next })}
        />
      </Row>
    )
  }
  return (
    <Entry part="entry-latent" title="Latent" explained={explained(looked, form, 'latent')}>
      <Flag
        part="latent"
        label="x is a latent, and no picture"
        value={latent !== null}
        onChange={(on) => set(on ? { factor: 1, shift: 0, decoder: null } : null)}
      />
      {latent && (
        <>
          {field('factor', 'Factor of the autoencoder')}
          {field('shift', 'Shift of the autoencoder')}
          <Hint part="decoder">
            {looked.beside.decoder === null
              ? 'Without a decoder the page shows the latent’s first three channels as colours: drop the autoencoder’s decoder as ONNX, too.'
              : `Pictures are made by ${looked.beside.decoder}.`}
          </Hint>
        </>
      )}
      {!latent && range.low === -1 && <Hint>x itself is the picture.</Hint>}
    </Entry>
  )
}
