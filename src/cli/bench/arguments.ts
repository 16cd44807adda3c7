/** The flags of `npm run bench`. */
import { parseArgs } from 'node:util'
import { backends } from '../../worker/backend-registry'
import { defaultModel, readModel } from '../models'
import { UsageError } from '../usage'
import { figures } from './figures/index.generated'

export const HELP = `Usage: npm run bench -- [--against COMMIT] [--rounds N] [--quick] [--only PARTS] [--python PATH] [--json] [--page FILE]

Measures the built page in Chromium as a person uses it, beside the page of another commit in the same rounds, and the engine beside the
plain loops that a person would write for the same work. Each figure is the least of its rounds and the largest; each ratio is of the
least values, with its range within one round.

  --against COMMIT  also builds that commit's page (into .cache/bench) and drives both, one after the other in each round
  --rounds N        how often each figure is taken (4; what takes long at most two or three times)
  --quick           two rounds, and without what takes longest: about four minutes in place of nine on two cores at rest
  --only PARTS      figures by name, parted by commas: ${figures.map(({ id }) => id).join(', ')}, peers
  --model ID        the family that is drawn (the first)
  --backend ID      auto, or ${backends.map(({ id }) => id).join(', ')} (auto)
  --cores N         how many cores the page is told of (those that there are)
  --threads N       threads of the plain loops (as many as the engine says it takes)
  --python PATH     a Python with onnxruntime and numpy; without it the bench makes one in .cache/bench from PyPI; none leaves it out
  --json            everything that was read, as JSON
  --page FILE       writes the tables as a page of Markdown`

export interface Options {
  readonly against: string | null
  readonly rounds: number
  readonly quick: boolean
  /** Null for all of them. */
  readonly only: readonly string[] | null
  readonly model: string
  readonly isDefault: boolean
  readonly backend: string
  readonly cores: number | null
  readonly threads: number | null
  /** Null for one that the bench makes itself. */
  readonly python: string | null
  readonly json: boolean
  readonly page: string | null
}

const FLAGS = {
  against: { type: 'string' },
  rounds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  model: { type: 'string' },
  backend: { type: 'string', default: 'auto' },
  cores: { type: 'string' },
  threads: { type: 'string' },
  python: { type: 'string' },
  json: { type: 'boolean', default: false },
  page: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}; npm run bench -- --help lists the flags`,
    )
  }
}

function countOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} is ${text}; it must be a whole number of at least 1`)
  return value
}

function among(name: string, value: string, known: readonly string[]): string {
  if (!known.includes(value)) throw new UsageError(`--${name} ${value}: there are ${known.join(', ')}`)
  return value
}

const QUICK_ROUNDS = 2
const ROUNDS = 4

/** Null where help is asked for. Throws UsageError. */
export function readOptions(argv: readonly string[]): Options | null {
  const { against = null, python = null, page = null, quick, json, ...values } = parsed(argv)
  if (values.help) return null
  const parts = [...figures.map(({ id }) => id), 'peers']
  const model = values.model ?? defaultModel()
  readModel(model)
  return {
    against,
    rounds: countOf('rounds', values.rounds) ?? (quick ? QUICK_ROUNDS : ROUNDS),
    quick,
    only: values.only?.split(',').map((id) => among('only', id, parts)) ?? null,
    model,
    isDefault: model === defaultModel(),
    backend: among('backend', values.backend, ['auto', ...backends.map(({ id }) => id)]),
    cores: countOf('cores', values.cores),
    threads: countOf('threads', values.threads),
    python,
    json,
    page,
  }
}
