/** The ways to ask, by kind: the compiler asks for each. */
import type { Ask } from '../types'
import type { AskFormat, AskKind } from './ask'
import { choice } from './choice'
import { curve } from './curve'
import { number } from './number'

const asks: { readonly [K in AskKind]: AskFormat<K> } = { choice, number, curve }

export const askFormats = Object.values<Pick<AskFormat<AskKind>, 'key' | 'keys' | 'read'>>(asks)

export function writtenAsk(ask: Ask): Readonly<Record<string, unknown>> {
  switch (ask.kind) {
    case 'choice':
      return asks.choice.write(ask)
    case 'number':
      return asks.number.write(ask)
    case 'curve':
      return asks.curve.write(ask)
    default:
      return ask satisfies never
  }
}
