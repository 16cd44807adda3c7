/** The lesson as a whole: title, how long it takes, for whom; and the teacher's page. */
import { LEVELS, type Draft } from '../../../lesson'
import { NumberField, SelectField, TextField } from './fields'

interface HeadProps {
  readonly draft: Draft
  readonly onChange: (change: Partial<Draft>) => void
}

const LEVEL_WORDS: Readonly<Record<Draft['level'], string>> = {
  first: 'a first look',
  further: 'further',
  research: 'research',
}

export function Head({ draft, onChange }: HeadProps) {
  const { title, minutes, level } = draft
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="min-w-56 flex-[1_1_20rem]">
        <TextField
          part="title"
          label="Title of the lesson"
          value={title}
          onChange={(next) => onChange({ title: next })}
        />
      </div>
      <NumberField
        part="minutes"
        label="Minutes"
        value={minutes}
        none={0}
        onChange={(next) => onChange({ minutes: next ?? 0 })}
      />
      <SelectField
        part="level"
        label="Level"
        value={level}
        options={LEVELS.map((value) => ({ value, label: LEVEL_WORDS[value] }))}
        onChange={(value) => {
          const next = LEVELS.find((each) => each === value)
          if (next) onChange({ level: next })
        }}
      />
    </div>
  )
}

export function TeacherPage({ draft, onChange }: HeadProps) {
  return (
    <details className="border-t border-line pt-4">
      <summary className="cursor-pointer text-label">
        For the teacher{draft.teacher.trim() === '' ? '' : ' (written)'}
      </summary>
      <div className="mt-2">
        <TextField
          part="teacher"
          label="Aim, expected answers, what goes wrong; students don’t see it"
          rows={5}
          value={draft.teacher}
          onChange={(teacher) => onChange({ teacher })}
        />
      </div>
    </details>
  )
}
