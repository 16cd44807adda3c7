/** What a figure is made of. */
import type { ModelInfo } from '../model/types'
import type { FinalSample } from '../sampling/records'
import type { Settings } from '../settings/types'
import type { Along, Value } from './along'
import type { FigureTheme } from './style'

/** What is drawn at one value. */
export interface Stop {
  readonly value: Value
  readonly settings: Settings
  readonly final: readonly FinalSample[]
}

export interface Figure {
  readonly model: ModelInfo
  readonly along: Along
  readonly stops: readonly Stop[]
  /** The value that it opens with. */
  readonly start: number
  /** Address of the live page, without `#`; null where nobody knows it. */
  readonly page: string | null
  readonly theme: FigureTheme
  /** In the place of the one that the settings give. */
  readonly title: string | null
}
