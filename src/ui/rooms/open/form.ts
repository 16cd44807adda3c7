/** The description of a network as a form: what follows from each change, and what can't be. Pure. */
import { adapterOf } from '../../../model/adapter'
import type { Chosen, Conditioning, ModelInput } from '../../../model/description'
import type { ProposedDescription, Said } from '../../../model/guess'
import { choiceFault, complete, kindById } from '../../../model/kinds'
import { checked } from '../../../model/manifest-description'
import { meanings } from '../../../model/meanings'
import { predictions } from '../../../model/predictions/index.generated'
import { schedules } from '../../../model/schedules/index.generated'
import type { Looked, Named } from '../../../worker/opener/messages'
import { nameOf } from '../../../worker/opener/files'

export interface Form {
  readonly description: ProposedDescription
  readonly named: Named
  /** Entries that a person changed: their reasons and doubts no longer hold. */
  readonly changed: readonly string[]
}

/** What the parts of the form are given. */
export interface FormProps {
  readonly looked: Looked
  readonly form: Form
  readonly onChange: (form: Form) => void
}

/** What the form begins with: a manifest's word, or the guess; null where there is neither. */
export function beginning({ look, told }: Looked, graph: string): Form | null {
  if (told) return { ...told, changed: [] }
  if (!look.guess) return null
  return { description: look.guess.description, named: { name: nameOf(graph) }, changed: [] }
}

/** Noise levels of the schedule in force. */
function trained(description: ProposedDescription): ProposedDescription['sigma'] {
  try {
    const { spacing } = kindById(schedules, description.schedule.kind)
    return { ...adapterOf(description).range, rho: description.sigma.rho, spacing }
  } catch {
    // Parameters that make no schedule are said beside them.
    return description.sigma
  }
}

const marked = (form: Form, entry: string): readonly string[] =>
  form.changed.includes(entry) ? form.changed : [...form.changed, entry]

/** A change of an entry of the manifest, with what follows from it. */
export function changed(form: Form, entry: string, patch: Partial<ProposedDescription>): Form {
  const description = { ...form.description, ...patch }
  const again = 'schedule' in patch || 'prediction' in patch || 'range' in patch
  return {
    ...form,
    description:
      again && !form.changed.includes('sigma') ? { ...description, sigma: trained(description) } : description,
    changed: marked(form, entry),
  }
}

/** A fresh guess with what a person had changed before. */
export function rebased(fresh: Form, before: Form | null): Form {
  if (!before || before.changed.length === 0) return fresh
  const old = before.description
  const kept = before.changed.filter((entry) => Object.hasOwn(old, entry))
  const entries = Object.entries(old).filter(([entry]) => kept.includes(entry))
  const inputs = fresh.description.inputs.map((input) =>
    before.changed.includes(`inputs.${input.name}`)
      ? (old.inputs.find(({ name }) => name === input.name) ?? input)
      : input,
  )
  const description: ProposedDescription = { ...fresh.description, inputs, ...Object.fromEntries(entries) }
  return { description, named: { ...fresh.named, ...before.named }, changed: before.changed }
}

export function renamed(form: Form, named: Partial<Named>): Form {
  return { ...form, named: { ...form.named, ...named } }
}

/** Another kind, with its usual parameters, and those of before that it knows as well. */
export function ofKind(kinds: typeof predictions | typeof schedules, id: string, before: Chosen): Chosen {
  const kind = kindById<(typeof kinds)[number]>(kinds, id)
  const shared = kind.parameters.filter(({ key }) => Object.hasOwn(before.parameters, key))
  return complete(kind, Object.fromEntries(shared.map(({ key }) => [key, before.parameters[key]!])))
}

/** What is asked for, by what the inputs mean. */
function asked(inputs: readonly ModelInput[], before: ProposedDescription['conditioning']) {
  const has = (meaning: string) => inputs.find((input) => input.meaning === meaning)
  if (has('embedding')) return { kind: 'text' as const }
  const weighed = has('class-weights')
  const known = before.kind === 'class' ? before : { kind: 'class' as const, count: 10, labelDropout: false }
  if (weighed) return { ...known, count: Number(weighed.dims.at(-1)) || 1 }
  return has('class-index') ? known : { kind: 'none' as const }
}

/** An input that means something else. */
export function withMeaning(form: Form, name: string, meaning: string): Form {
  const inputs = form.description.inputs.map((input): ModelInput => {
    if (input.name !== name) return input
    const { values: _, ...plain } = input
    return meaning === 'constant' ? { ...plain, meaning, values: [0] } : { ...plain, meaning }
  })
  return changed(form, `inputs.${name}`, { inputs, conditioning: asked(inputs, form.description.conditioning) })
}

export function withValues(form: Form, name: string, values: readonly number[]): Form {
  const inputs = form.description.inputs.map((input) => (input.name === name ? { ...input, values } : input))
  return changed(form, `inputs.${name}`, { inputs })
}

/** Meanings that an input can have by its type. */
export const meaningsFor = ({ dtype }: ModelInput) => meanings.filter(({ dtypes }) => dtypes.includes(dtype))

/** Names of all classes: what was given, and numbers for the rest. */
export function classNames(count: number, names: readonly string[] = []): readonly string[] {
  return Array.from({ length: count }, (_, i) => names[i] ?? `class ${i}`)
}

function conditions(form: Form): Conditioning {
  const { conditioning } = form.description
  switch (conditioning.kind) {
    case 'class':
      return {
        ...conditioning,
        classes: classNames(conditioning.count, form.named.classes).map((name) => ({ name })),
      }
    case 'text':
      return {
        kind: 'text',
        labelDropout: true,
        classes: [],
        prompts: [''],
        embeddings: { file: 'embeddings', bytes: 1, sha256: '' },
      }
    case 'none':
      return { kind: 'none', labelDropout: true, classes: [] }
    default:
      return conditioning satisfies never
  }
}

/** Why the network can't be asked so, in a sentence; null where it can. */
export function faultOf(form: Form): string | null {
  const { description } = form
  const { image, sigma } = description
  if (form.named.name.trim() === '') return 'The model needs a name.'
  if (!(sigma.min > 0 && sigma.min < sigma.max)) return 'The lowest noise level must be above 0 and below the highest.'
  const { prediction, schedule } = description
  const fault =
    choiceFault(predictions, prediction.kind, prediction.parameters) ??
    choiceFault(schedules, schedule.kind, schedule.parameters) ??
    checked(description, { image, conditioning: conditions(form) }).fault
  return fault === null ? null : `This can’t be: ${fault}.`
}

export interface Explained {
  readonly reasons: readonly string[]
  readonly doubts: readonly string[]
}

/** Why an entry is as it is, and what to confirm of it. */
export function explained(looked: Looked, form: Form, entry: string): Explained {
  if (form.changed.includes(entry)) return { reasons: ['chosen by you'], doubts: [] }
  if (looked.told) return { reasons: ['the manifest says so'], doubts: [] }
  const of = (said: readonly Said[] = []) => said.filter((one) => one.entry === entry).map(({ text }) => text)
  return { reasons: of(looked.look.guess?.reasons), doubts: of(looked.look.guess?.doubts) }
}

/** How many entries ask to be confirmed. */
export function doubtful(looked: Looked, form: Form): number {
  if (looked.told) return 0
  const open = (looked.look.guess?.doubts ?? []).filter(({ entry }) => !form.changed.includes(entry))
  return new Set(open.map(({ entry }) => entry)).size
}
