/** What `npm run inspect` found, for people. */
import type { InspectReport, LayerReport } from './report'

/** Columns as wide as what they hold; the last is as long as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const lengths = (dims: readonly (number | string | null)[]) => `[${dims.map((dim) => dim ?? '?').join(', ')}]`

function scaled(value: number, units: readonly string[]): string {
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3)))
  const amount = value / 1000 ** at
  return `${at === 0 ? amount : amount.toPrecision(3)} ${units[at]}`.trim()
}

const size = (bytes: number) => scaled(bytes, ['bytes', 'kB', 'MB', 'GB'])
const count = (value: number) => scaled(value, ['', 'thousand', 'million', 'billion'])

/** Below what was measured nothing more is known than that it is little. */
const seconds = (value: number) => (value < 0.1 ? 'less than 0.1 s' : `about ${value.toPrecision(2)} s`)

function tokens({ queries, keys, windows, image, beside }: LayerReport): string {
  const all = queries === keys ? `${queries}` : `${queries} to ${keys} keys`
  const range = (start: number) => `${start} to ${start + (image?.count ?? 0) - 1}`
  const both = image && image.start !== image.keyStart ? `, keys ${range(image.keyStart)}` : ''
  const apart = image && beside !== 'nothing' ? ` (image ${range(image.start)}${both})` : ''
  return `${windows > 1 ? `${windows} × ` : ''}${all}${apart}`
}

function grid({ grid: lengthsOf, gridFrom }: LayerReport): string {
  return lengthsOf ? `${lengthsOf[0]}x${lengthsOf[1]} ${gridFrom === 'given' ? 'given' : 'followed to the image'}` : '-'
}

const WHAT: Readonly<Record<LayerReport['can'][number], string>> = {
  identity: 'PAG',
  blur: 'SEG',
  mean: 'SEG with σ = ∞',
}

function layerRow(layer: LayerReport, rows: number | null): readonly string[] {
  const { node, verdict, reason, heads, can, effect } = layer
  return [
    layer.layer === null ? '-' : `${layer.layer}`,
    node,
    heads === 0 ? '-' : `${heads}`,
    tokens(layer),
    grid(layer),
    rows === null ? 'any' : `${rows}`,
    effect === null ? '-' : effect.toFixed(2),
    `${verdict.replace('-', ' ')}${reason === null ? '' : `: ${reason}`}${can.length > 0 ? ` (${can.map((one) => WHAT[one]).join(', ')})` : ''}`,
  ]
}

/** Numbers such as `0–6, 8`. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = []
  for (const number of numbers) {
    const last = parts.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else parts.push([number, number])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

/** One sentence a kind of guidance. */
function guided({ layers }: InspectReport): string {
  const with_ = (what: LayerReport['can'][number]) =>
    layers.flatMap(({ layer, can }) => (layer !== null && can.includes(what) ? [layer] : []))
  const [identity, blur, mean] = [with_('identity'), with_('blur'), with_('mean')]
  const parts = [
    ...(identity.length > 0 ? [`the identity in place of a map (PAG) at layers ${ranges(identity)}`] : []),
    ...(blur.length > 0 ? [`a blur of the queries (SEG) at ${ranges(blur)}`] : []),
    ...(mean.length > 0 ? [`their mean (SEG with σ = ∞) at ${ranges(mean)}, and other blurs with --grid HxW`] : []),
  ]
  const inside =
    parts.length > 0 ? `Can be guided by ${parts.join('; ')}.` : 'No layer of it can be guided from inside.'
  return `${inside} What asks nothing from inside (other conditions, another file, crops, rules) runs on any network.`
}

function descriptionOf({ description }: InspectReport): readonly string[] {
  if ('problem' in description) return [`How it is asked could not be guessed: ${description.problem}`]
  const { prediction, schedule, conditioning, confirm } = description
  const said = `Taken to predict ${prediction} on the schedule ${schedule}, told ${conditioning === 'none' ? 'nothing of what to draw' : `a ${conditioning}`}.`
  return confirm.length > 0 ? [said, ...confirm.map((doubt) => `  to confirm: ${doubt}`)] : [said]
}

/** Grids are those of a size, which a graph may leave open. */
function ranWith({ ranWith: ran, inputs }: InspectReport): readonly string[] {
  const open = inputs.filter(({ dims }) => dims.some((dim, axis) => axis > 0 && typeof dim !== 'number'))
  if (!ran || open.length === 0) return []
  const sizes = open.map(({ name }) => `${name} ${lengths(ran[name] ?? [])}`).join(', ')
  return [`grids and tokens: with ${sizes}; --size HxW or --inputs IN.npz chooses other lengths`]
}

export function reportText(report: InspectReport): string {
  const { file, bytes, parameters, opset, producer, nodes, estimate, inputs, outputs, layers, closed, rows } = report
  const values = [
    ...inputs.map(({ name, dtype, dims, meaning }) => ['input', name, dtype, lengths(dims), meaning ?? '-']),
    ...outputs.map(({ name, dtype, dims }) => ['output', name, dtype, lengths(dims), '-']),
  ]
  const layerTable =
    report.problem !== null
      ? [`Its layers could not be looked for: ${report.problem}`]
      : layers.length === 0
        ? ['No attention map was found in it: no softmax of products of queries and keys.']
        : [
            table(
              ['layer', 'node', 'heads', 'tokens', 'grid', 'rows', 'effect', 'verdict'],
              layers.map((layer) => layerRow(layer, rows)),
            ),
            ...ranWith(report),
            'effect: how far the identity in place of its map moves the output, in deviations of the output, on made-up or given inputs',
          ]
  return [
    `${file}: ${count(parameters)} parameters, ${size(bytes)}, ${nodes} nodes, opset ${opset}${producer === '' ? '' : `, written by ${producer}`}`,
    `In a browser without a graphics processor: ${seconds(estimate.seconds)} a row on one core, ${size(estimate.bytes)} of memory to open it (from networks of 36 and 147 million parameters)`,
    '',
    table(['', 'name', 'type', 'lengths', 'meaning'], values),
    ...descriptionOf(report),
    '',
    ...layerTable,
    ...closed.map(({ node, reason }) => `${node} could not be opened: ${reason}`),
    ...(report.problem === null ? ['', guided(report)] : []),
  ].join('\n')
}
