/** Settings as flags of the command line: every key of a preset, each with the text that a link would hold. */
import { methods } from '../guidance'
import { solvers } from '../sampling/solver-registry'
import { fromLinkText } from './link'
import type { Raw } from './read'
import { OWN, OWN_KEYS, STACK, TERM, TERM_KEYS } from './table'

export interface Flag {
  readonly key: string
  readonly help: string
}

/** The keys that are there whatever method and solver are chosen, in the order of a preset. */
export const COMMON_FLAGS: readonly Flag[] = [
  { key: 'model', help: 'a folder under models/, or the folder of any network as ONNX (docs/any-network.md)' },
  { key: 'method', help: methods.map(({ id }) => id).join(', ') },
  ...TERM_KEYS.map((key) => ({ key, help: TERM[key].help })),
  ...OWN_KEYS.map((key) => ({ key, help: OWN[key].help })),
  { key: 'stack', help: STACK.help },
]

/** Keys of a method or a solver alone. */
const PARTICULAR = [...methods, ...solvers].flatMap(({ parameters }) => parameters.map(({ key }) => key))

export const FLAG_KEYS: readonly string[] = [...new Set([...COMMON_FLAGS.map(({ key }) => key), ...PARTICULAR])]

/** What a preset would say, from the flags among a command's values. */
export function presetOfFlags(values: Readonly<Record<string, unknown>>): Raw {
  return Object.fromEntries(
    FLAG_KEYS.flatMap((key) => {
      const text = values[key]
      return typeof text === 'string' ? [[key, fromLinkText(key, text)]] : []
    }),
  )
}

/** A preset with flags in force. Another method takes its own scale, layers and parameters, and not those of the preset's. */
export function withFlags(preset: Raw, flags: Raw): Raw {
  if (flags.method === undefined || flags.method === preset.method) return { ...preset, ...flags }
  const beside = ['model', 'stack', ...OWN_KEYS]
  return { ...Object.fromEntries(Object.entries(preset).filter(([key]) => beside.includes(key))), ...flags }
}
