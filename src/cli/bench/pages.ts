/** The page of this tree, and that of the commit that it is compared with, measured in turn. */
import { ROOT } from '../site.mjs'
import type { Options } from './arguments'
import { treeOf } from './checkout'
import { Rounds, type Figure, type Table } from './figure'
import { figures } from './figures/index.generated'
import { thisCommit } from './machine'
import { Meter } from './meter'
import { serve } from './served'
import { Visitor } from './visitor'

/** What takes longest, and what a quick look can do without. */
const SLOW = ['start', 'long-drag', 'guided-only', 'gpu-step']

export function figuresOf({ only, quick }: Pick<Options, 'only' | 'quick'>): readonly Figure[] {
  const all = [...figures].sort((a, b) => a.order - b.order)
  return all.filter(({ id }) => (only ? only.includes(id) : !quick || !SLOW.includes(id)))
}

interface Tree {
  readonly name: string
  readonly root: string
}

/** Their names are the columns: a commit's, or that this tree differs from it. */
export function treesOf(against: string | null): readonly Tree[] {
  const { commit, changed } = thisCommit()
  const own = { name: changed ? `${commit} and changes` : commit, root: ROOT }
  if (against === null) return [own]
  const other = treeOf(against)
  return [{ name: other.commit === own.name ? `${other.commit} again` : other.commit, root: other.root }, own]
}

interface Column {
  readonly name: string
  readonly visitor: Visitor
}

/** A figure that a build can't give is left out of its column, and said. */
async function measure(figure: Figure, { name, visitor }: Column, rounds: Rounds, say: (line: string) => void) {
  try {
    rounds.add(name, await figure.measure(visitor))
  } catch (error) {
    say(`  ${figure.title}, ${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    await visitor.startOver()
  }
}

async function takeTurns(columns: readonly Column[], options: Options, say: (line: string) => void) {
  const chosen = figuresOf(options)
  const read = new Map(chosen.map((figure) => [figure, new Rounds()]))
  for (let round = 0; round < options.rounds; round++) {
    for (const figure of chosen) {
      if (round >= figure.rounds) continue
      say(`Round ${round + 1} of ${options.rounds}: ${figure.title}`)
      // Whoever is first finds the machine as the other left it, so they take turns at that too.
      const order = round % 2 === 0 ? columns : [...columns].reverse()
      for (const column of order) await measure(figure, column, read.get(figure)!, say)
    }
  }
  return chosen.map(({ title, note }, i): Table => {
    return { title, note, columns: columns.map(({ name }) => name), rows: read.get(chosen[i]!)!.rows() }
  })
}

/** Builds, opens and measures the pages. */
export async function measurePages(
  options: Options,
  executablePath: string,
  say: (line: string) => void,
): Promise<readonly Table[]> {
  if (figuresOf(options).length === 0) return []
  const columns: Column[] = []
  const ends: (() => unknown)[] = []
  try {
    for (const { name, root } of treesOf(options.against)) {
      say(`Building and serving ${name}`)
      const served = await serve(root)
      ends.push(served.stop)
      const meter = new Meter(served.url)
      await meter.open()
      ends.push(() => meter.close())
      const visitor = await Visitor.arrive(served, meter, { executablePath, ...options })
      ends.push(() => visitor.leave())
      columns.push({ name, visitor })
    }
    return await takeTurns(columns, options, say)
  } finally {
    for (const end of ends.reverse()) await end()
  }
}
