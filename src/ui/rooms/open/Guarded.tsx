/** What is made of a stranger's file and can't be drawn: a sentence and the ways on stand in its place. */
import { Component, type ReactNode } from 'react'
import { messageOf } from '../../../core/failure'

interface GuardedProps {
  /** Takes the files away, so that others can be opened. */
  readonly onClear: () => void
  readonly children: ReactNode
}

interface GuardedState {
  readonly failure: { readonly error: unknown } | null
}

export class Guarded extends Component<GuardedProps, GuardedState> {
  override readonly state: GuardedState = { failure: null }

  static getDerivedStateFromError(error: unknown): GuardedState {
    return { failure: { error } }
  }

  override render() {
    const { failure } = this.state
    if (!failure) return this.props.children
    return (
      <div role="alert" data-part="open-not-drawn" className="m-6 max-w-[46rem] text-label">
        <p className="font-medium text-alert">{`What these files say could not be shown: ${messageOf(failure.error)}`}</p>
        <p className="mt-1 text-muted">Nothing else of the page has changed. Leave them, and open others.</p>
        <button
          type="button"
          className="button mt-2"
          onClick={() => {
            this.props.onClear()
            this.setState({ failure: null })
          }}
        >
          Begin anew
        </button>
      </div>
    )
  }
}
