/**
 * What the page around an embed and the page in it say to each other (`docs/embed.md`): plain messages of one version. What
 * comes from around is judged here; what goes out is typed here.
 */
import * as v from 'valibot'
import { LINK_CHARACTERS } from '../../settings/limits'

/** Every message of either side has it. */
export const TYPE = 'guidance-playground'
export const VERSION = 1

const ID_CHARACTERS = 64
const MOST_STEPS = 10_000

const id = v.optional(v.union([v.pipe(v.string(), v.maxLength(ID_CHARACTERS)), v.number()]))

/** The pictures that can be asked for; `all`: side by side, with what they were made with. */
export const PICTURES = ['positive', 'negative', 'guided', 'all'] as const
export type PictureName = (typeof PICTURES)[number]

const request = v.variant('kind', [
  v.object({
    kind: v.literal('set'),
    id,
    /** A whole link, or what stands behind its `#`. */
    link: v.optional(v.pipe(v.string(), v.maxLength(LINK_CHARACTERS))),
    /** Keys of a preset; those that are not named stay. */
    settings: v.optional(v.record(v.string(), v.unknown())),
    /** The step that is looked at. */
    at: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_STEPS))),
  }),
  v.object({ kind: v.literal('get'), id }),
  v.object({ kind: v.literal('image'), id, of: v.optional(v.picklist(PICTURES), 'guided') }),
])

export type Request = v.InferOutput<typeof request>
export type Wanted = Pick<Extract<Request, { kind: 'set' }>, 'link' | 'settings' | 'at'>
export type RequestId = v.InferOutput<typeof id>

/** What an embed shows. */
export interface EmbedState {
  readonly room: string
  /** What stands behind the `#` of a link that opens the same. */
  readonly link: string
  /** As a preset has them; null in a room without settings of its own. */
  readonly settings: Readonly<Record<string, unknown>> | null
  /** The step that is looked at, from 0; as many as there are steps is the end. */
  readonly at: number | null
  /** Whether the pictures that are seen are the finished ones of these settings. */
  readonly drawn: boolean
  /** Sentences about what of a link was not understood. */
  readonly notes: readonly string[]
}

/** Who changed the state: a person in the embed, or the page around it by `set`. */
export type ChangedBy = 'reader' | 'page'

export type Told =
  /** To whoever is around: they hold nothing of what a person does. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'height'; readonly height: number }
  /** To the page around, once it has spoken. */
  | { readonly kind: 'state'; readonly id: RequestId; readonly state: EmbedState }
  | { readonly kind: 'changed'; readonly by: ChangedBy; readonly state: EmbedState }
  | { readonly kind: 'image'; readonly id: RequestId; readonly of: PictureName; readonly png: Blob }
  | { readonly kind: 'error'; readonly id: RequestId; readonly message: string }

/** As it goes over the wall. */
export type Message = Told & { readonly type: typeof TYPE; readonly version: typeof VERSION }

export const messageOf = (told: Told): Message => ({ type: TYPE, version: VERSION, ...told })

export type Read =
  /** Of somebody else, such as an extension of the browser: not answered. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'refused'; readonly id: RequestId; readonly why: string }
  | { readonly kind: 'request'; readonly request: Request }

const envelope = v.object({
  type: v.literal(TYPE),
  version: v.unknown(),
  kind: v.unknown(),
  id: v.fallback(id, undefined),
})

/** Judges a message from around. Never throws. */
export function readRequest(data: unknown): Read {
  const outer = v.safeParse(envelope, data)
  if (!outer.success) return { kind: 'foreign' }
  const { id: asked, version } = outer.output
  const refused = (why: string): Read => ({ kind: 'refused', id: asked, why })
  if (version !== VERSION) return refused(`This playground speaks version ${VERSION} of its messages.`)
  const inner = v.safeParse(request, data)
  if (!inner.success) {
    const [issue] = inner.issues
    const where = issue.path?.map(({ key }) => String(key)).join('.')
    return refused(`The message is not understood${where ? ` at “${where}”` : ''}: ${issue.message}.`)
  }
  const { output } = inner
  if (output.kind === 'set' && [output.link, output.settings, output.at].every((part) => part === undefined))
    return refused('A “set” needs a link, settings or at.')
  if (output.kind === 'set' && output.link !== undefined && output.settings !== undefined)
    return refused('A “set” takes a link, which says all settings, or settings, and not both.')
  return { kind: 'request', request: output }
}
