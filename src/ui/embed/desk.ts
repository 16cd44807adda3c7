/**
 * The embed's side of the wall. Only the window around is heard. Until it has spoken it is told that the page is ready and how
 * high it is, and nothing else; then it is answered, and told of changes, at the origin that it spoke from.
 */
import {
  type ChangedBy,
  type EmbedState,
  messageOf,
  type PictureName,
  readRequest,
  type Request,
  type RequestId,
  type Told,
  type Wanted,
} from './protocol'

/** What a room lets the page around see and do. */
export interface EmbedPort {
  state(): EmbedState
  /** Does it, or says why not. */
  set(wanted: Wanted): string | null
  /** A PNG, as soon as the pictures are those of the settings. */
  image(of: PictureName): Promise<Blob>
  subscribe(changed: (what: Change) => void): () => void
}

/** What changed: what is asked for, or only how far its pictures are. */
export type Change = 'wanted' | 'drawn'

/** The part of a window that is used. */
export interface DeskWindow {
  readonly parent: unknown
  addEventListener(type: 'message', listener: (event: Heard) => void): void
  removeEventListener(type: 'message', listener: (event: Heard) => void): void
}

/** The part of a message's event that is read. */
export interface Heard {
  readonly data: unknown
  readonly origin: string
  readonly source: unknown
}

export interface Desk {
  /** Serves a room from now on, until the function that it returns is called. */
  attach(port: EmbedPort): () => void
  dispose(): void
}

/** What waits while one room goes and another comes. */
const MOST_WAITING = 32

/** A page of a file, or in a sandbox, has no origin: it can be answered, but not named. */
const nameOf = (origin: string) => (origin === 'null' ? '*' : origin)

/** Answers requests of one port. `heard`: whether anybody hears of changes. */
function createAnswers(tell: (told: Told) => void, heard: () => boolean) {
  let by: ChangedBy = 'reader'
  let setting = false
  const fault = (id: RequestId, message: string) => tell({ kind: 'error', id, message })

  function set(port: EmbedPort, id: RequestId, wanted: Wanted) {
    setting = true
    const why = port.set(wanted)
    setting = false
    if (why === null) tell({ kind: 'state', id, state: port.state() })
    else fault(id, why)
  }

  return {
    fault,
    changed: (port: EmbedPort, what: Change) => {
      // Pictures that are finished later are of whoever asked for them.
      if (what === 'wanted') by = setting ? 'page' : 'reader'
      // A state is long to write for nobody, at each step of a drag.
      if (heard()) tell({ kind: 'changed', by, state: port.state() })
    },
    answer: (port: EmbedPort, request: Request) => {
      const { id } = request
      switch (request.kind) {
        case 'set':
          return set(port, id, request)
        case 'get':
          return tell({ kind: 'state', id, state: port.state() })
        case 'image': {
          const { of } = request
          void port.image(of).then(
            (png) => tell({ kind: 'image', id, of, png }),
            (reason: unknown) => fault(id, reason instanceof Error ? reason.message : String(reason)),
          )
          return
        }
        default:
          return request satisfies never
      }
    },
  }
}

export function createDesk(window: DeskWindow, post: (message: Told, origin: string) => void): Desk {
  let port: EmbedPort | null = null
  /** Where the page around spoke from. */
  let around: string | null = null
  const waiting: Request[] = []
  const { fault, changed, answer } = createAnswers(
    (told) => {
      if (around !== null) post(told, around)
    },
    () => around !== null,
  )

  function hear({ data, origin, source }: Heard) {
    if (source !== window.parent) return
    const read = readRequest(data)
    if (read.kind === 'foreign') return
    around = nameOf(origin)
    if (read.kind === 'refused') fault(read.id, read.why)
    else if (port) answer(port, read.request)
    else if (waiting.length < MOST_WAITING) waiting.push(read.request)
    else fault(read.request.id, 'Too many messages while the page was loading.')
  }

  window.addEventListener('message', hear)
  return {
    attach: (next) => {
      port = next
      const stop = next.subscribe((what) => changed(next, what))
      post({ kind: 'ready' }, '*')
      for (const request of waiting.splice(0)) answer(next, request)
      return () => {
        stop()
        if (port === next) port = null
      }
    },
    dispose: () => window.removeEventListener('message', hear),
  }
}

/** The desk of a real window in a frame. */
export function openDesk(own: Window): Desk {
  return createDesk(own, (told, origin) => own.parent.postMessage(messageOf(told), origin))
}
