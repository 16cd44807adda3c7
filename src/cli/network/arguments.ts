/** Arguments that the commands on a network's file share. */
import { parseArgs } from 'node:util'
import { UsageError } from '../usage'
import { readGrids, readLengths } from './grids'
import type { SurveyOptions } from './survey'

type Flags = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>>

const SHARED: Flags = {
  sample: { type: 'string' },
  size: { type: 'string' },
  inputs: { type: 'string' },
  grid: { type: 'string' },
  threads: { type: 'string' },
  help: { type: 'boolean' },
}

export const SHARED_HELP = `  --inputs IN.npz   arrays named as the graph's inputs, to run it with; left out: made-up ones that fit
  --sample NAME     the input that is the noisy image; left out: found
  --size HxW        of the noisy image, where the graph leaves it open; left out: a small one
  --grid HxW        how the tokens lie in layers that need a grid; for each by its number: --grid 0=4x9,2=8x18
  --threads N       CPU threads (default: all)
  --help            this text`

export interface GivenFlags {
  readonly survey: SurveyOptions
  /** Null where it was not given. */
  text(flag: string): string | null
  has(flag: string): boolean
}

/** Throws UsageError where the value is no whole number from 0 on. */
export function wholeNumber(flag: string, text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new UsageError(`--${flag} is a whole number from 0 on, not ${text}`)
  return value
}

/** Numbers such as `0,3`, each once, in ascending order. */
export function wholeNumbers(flag: string, text: string): readonly number[] {
  return [...new Set(text.split(',').map((part) => wholeNumber(flag, part.trim())))].sort((a, b) => a - b)
}

function parsed(argv: readonly string[], own: Flags) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { ...SHARED, ...own } })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} (--help explains)`)
  }
}

/** The arguments, checked; null where help was asked for. Throws UsageError. */
export function readFlags(argv: readonly string[], own: Flags): GivenFlags | null {
  const { values, positionals } = parsed(argv, own)
  if (values['help']) return null
  const [file, ...others] = positionals
  if (file === undefined) throw new UsageError('name the ONNX file (--help explains)')
  if (others.length > 0) throw new UsageError(`what is ${others[0]} for? One file is looked at (--help explains)`)
  const text = (flag: string) => {
    const value = values[flag]
    return typeof value === 'string' ? value : null
  }
  const given = <T>(flag: string, read: (value: string) => T): T | null => {
    const value = text(flag)
    return value === null ? null : read(value)
  }
  return {
    survey: {
      file,
      sample: text('sample'),
      size: given('size', (value) => readLengths('size', value)),
      inputs: text('inputs'),
      grids: given('grid', readGrids),
      threads: given('threads', (value) => wholeNumber('threads', value)) ?? 0,
    },
    text,
    has: (flag) => values[flag] === true,
  }
}

/** Throws UsageError where it was not given. */
export function needed(flags: GivenFlags, flag: string, what: string): string {
  const value = flags.text(flag)
  if (value === null || value === '') throw new UsageError(`--${flag} ${what} is missing (--help explains)`)
  return value
}
