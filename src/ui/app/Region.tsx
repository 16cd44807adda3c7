/** One region of the page: where drawing it fails, a sentence and the ways on stand in its place, and the others go on. */
import { Component, type ReactNode, useEffect, useRef } from 'react'
import { messageOf } from '../../core/failure'
import { decodeLink } from '../../settings'
import { copyLink } from '../share/copy-link'
import { useSession, useShown, useWanted } from './store'

interface FailedProps {
  readonly name: string
  readonly error: unknown
  readonly again: () => void
}

/** Reads both: a change of either may mend what failed. */
function Failed({ name, error, again }: FailedProps) {
  const session = useSession()
  const settings = useWanted((settings) => settings)
  const shown = useShown((run) => run)
  const settled = useShown((_, { run }) => run.settled)
  const failedWith = useRef({ settings, shown, settled })
  // What failed with these settings and these runs may succeed with others, so a change of any tries again.
  useEffect(() => {
    const { current } = failedWith
    const sameRuns = current.shown?.id === shown?.id && current.settled?.id === settled?.id
    if (current.settings !== settings || !sameRuns) again()
  }, [settings, shown, settled, again])
  const reset = () => {
    session.change(decodeLink('', session.store.getState().model).settings)
    again()
  }
  return (
    <div role="alert" data-part="region-failed" className="rounded-md border border-alert bg-surface p-3 text-label">
      <p className="font-medium text-alert">{`${name} could not be drawn: ${messageOf(error)}`}</p>
      <p className="mt-1 text-muted">The rest of the page goes on, and the link keeps the settings.</p>
      <div className="mt-2 flex flex-wrap gap-1.5">
        <button type="button" className="button" data-part="region-again" onClick={again}>
          Try again
        </button>
        <button type="button" className="button" data-part="region-reset" onClick={reset}>
          Reset to the defaults
        </button>
        <button type="button" className="button" data-part="region-link" onClick={() => void copyLink(session)}>
          Copy link
        </button>
      </div>
    </div>
  )
}

interface RegionProps {
  /** Begins a sentence: `The equation`. */
  readonly name: string
  readonly children: ReactNode
}

interface RegionState {
  readonly failure: { readonly error: unknown } | null
}

export class Region extends Component<RegionProps, RegionState> {
  override readonly state: RegionState = { failure: null }

  static getDerivedStateFromError(error: unknown): RegionState {
    return { failure: { error } }
  }

  readonly again = () => this.setState({ failure: null })

  override render() {
    const { failure } = this.state
    if (!failure) return this.props.children
    return <Failed name={this.props.name} error={failure.error} again={this.again} />
  }
}
