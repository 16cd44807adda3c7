/** The tables of the READMEs that come from metadata: part of `npm run registries`. A table stands between two comments. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { methods } from '../guidance/index'
import { checkedBy, errorText, type Provenance } from '../guidance/provenance'
import { provenances } from '../guidance/provenances/index.generated'
import type { GuidanceMethod } from '../guidance/types'

export const ROOT = join(import.meta.dirname, '..', '..')

interface Table {
  /** README, relative to the repository. */
  readonly file: string
  /** As its first comment calls it. */
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What the equation does, as a sentence without its full stop. */
function summary({ kind, sentence }: GuidanceMethod): string {
  const subject = kind === 'combiner' ? 'the difference' : 'the negative'
  return `${subject} ${sentence.replace(/\.$/, '')}`
}

const place = (id: string) => methods.findIndex((method) => method.id === id)

const inMenuOrder = (of: readonly Provenance[]) => [...of].sort((a, b) => place(a.method) - place(b.method))

export const TABLES: readonly Table[] = [
  {
    file: 'README.md',
    name: 'methods',
    head: ['`method`', 'what it is', 'in a sentence'],
    rows: methods.map((method) => [
      `\`${method.id}\``,
      `[${method.title}](${method.source.url})`,
      summary(method).replaceAll('|', String.raw`\|`),
    ]),
  },
  {
    file: 'src/guidance/README.md',
    name: 'peers',
    head: ['method', 'here', 'diffusers', 'sd-perturbed-attention', 'ComfyUI core'],
    rows: inMenuOrder(provenances).map(({ method, peers }) => [
      `\`${method}\``,
      peers.here,
      peers.diffusers ?? '–',
      peers.perturbedAttention ?? '–',
      peers.comfy ?? '–',
    ]),
  },
  {
    file: 'src/guidance/README.md',
    name: 'provenance',
    head: ['method', 'space', 'scale', 'where it acts', 'checked against', 'largest error', 'how ours differs'],
    rows: inMenuOrder(provenances).map(({ method, space, scale, starts, checked, differs }) => [
      `\`${method}\``,
      space,
      scale,
      starts,
      `${checkedBy(checked)}: ${checked.what}`,
      checked.error === null ? '–' : errorText(checked.error),
      differs ?? '–',
    ]),
  },
]

function markdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** The text of a README with its table up to date. Throws where its comments are missing. */
export function withTable(text: string, table: Table): string {
  const begin = `<!-- table ${table.name}: written by npm run registries -->\n`
  const end = '<!-- end of table -->'
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from < 0 || to < 0)
    throw new Error(`${table.file} has no place for the table ${table.name}: it needs ${begin}${end}`)
  return `${text.slice(0, from + begin.length)}${markdown(table)}\n${text.slice(to)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const table of TABLES) {
    const path = join(ROOT, table.file)
    const text = readFileSync(path, 'utf8')
    const wanted = withTable(text, table)
    if (wanted === text) continue
    writeFileSync(path, wanted)
    console.log(`Wrote the table ${table.name} of ${table.file}`)
  }
}
