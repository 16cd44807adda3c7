/** A kind of a registry with its parameters, as fields: predictions and schedules are asked for alike. */
import type { Chosen, KindWords } from '../../../model/description'
import { Choice } from '../../kit/Choice'
import { Flag } from '../../kit/Flag'
import { Hint } from '../../kit/Hint'
import { NumberInput } from '../../kit/NumberInput'
import { Row } from '../../kit/Row'

interface KindFieldsProps {
  readonly part: string
  readonly label: string
  readonly kinds: readonly KindWords[]
  readonly chosen: Chosen
  readonly onKind: (id: string) => void
  readonly onChange: (chosen: Chosen) => void
}

export function KindFields({ part, label, kinds, chosen, onKind, onChange }: KindFieldsProps) {
  const kind = kinds.find(({ id }) => id === chosen.kind)
  const set = (key: string, value: number | boolean) =>
    onChange({ ...chosen, parameters: { ...chosen.parameters, [key]: value } })
  return (
    <>
      <Choice
        part={part}
        label={label}
        value={chosen.kind}
        options={[...kinds].sort((a, b) => a.place - b.place).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={onKind}
      />
      {kind && <Hint>{kind.help}</Hint>}
      {kind?.parameters.map((parameter) =>
        parameter.kind === 'flag' ? (
          <Flag
            key={parameter.key}
            part={`${part}-${parameter.key}`}
            label={parameter.label}
            value={chosen.parameters[parameter.key] === true}
            onChange={(value) => set(parameter.key, value)}
          />
        ) : (
          <Row key={parameter.key} label={parameter.label}>
            <NumberInput
              part={`${part}-${parameter.key}`}
              label={parameter.label}
              value={Number(chosen.parameters[parameter.key])}
              min={parameter.min}
              max={parameter.max}
              whole={parameter.whole ?? false}
              className="w-24"
              onChange={(value) => set(parameter.key, value)}
            />
          </Row>
        ),
      )}
    </>
  )
}
