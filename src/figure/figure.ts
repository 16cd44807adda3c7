/** One self-contained HTML file: pictures at each value of one setting, with a slider, and nothing that is fetched. Pure. */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { isGuided } from '../guidance'
import { encodeLink } from '../settings'
import { settingsLines } from '../settings/lines'
import { caption } from '../settings/words'
import { percent } from '../core/format'
import { FigureError } from './error'
import { panels } from './panels'
import { base64 } from './pictures'
import { SCRIPT } from './script'
import { figureStyle } from './style'
import type { Figure, Stop } from './types'
import { changing, escaped } from './variants'
import { changeOf, rangeSentence, sentence, titleOf, valueSentence } from './words'

/** A figure is under this many bytes, so that a page can hold several. */
export const MOST_BYTES = 500_000

const policyHash = (text: string) => `'sha256-${base64(sha256(utf8ToBytes(text)))}'`

/** Nothing comes from elsewhere, and nothing runs but what is written here. */
const policy = (style: string) =>
  `default-src 'none'; img-src data:; style-src ${policyHash(style)}; script-src ${policyHash(SCRIPT)}; base-uri 'none'; form-action 'none'`

/** What stands above the slider: the value, and how far it took the guided picture. */
function valueLine({ along, stops }: Figure): string {
  const said = stops.map(({ value, settings, final }) => {
    const change = changeOf(final)
    const far = change === null || !isGuided(settings) ? '' : ` · guided changed by ${percent(change)}`
    return `<b>${escaped(valueSentence(along, value, settings))}</b>${far}`
  })
  return changing(said, (piece, classes) => `<p class="value ${classes}">${piece}</p>`)
}

/** Which values are written under the slider, so that their words do not touch: in a column of so many pixels. */
function marked(stops: readonly Stop[], pixels: number): number {
  const longest = Math.max(...stops.map(({ value }) => value.words.length))
  return Math.max(1, Math.ceil((stops.length * (7 * longest + 10)) / pixels))
}

const PHONE = 350
const COLUMN = 780

function buttons({ along, stops, start }: Figure): string {
  const [phone, wide] = [marked(stops, PHONE), marked(stops, COLUMN)]
  return stops
    .map(({ value, settings }, index) => {
      const size = index % wide !== 0 ? ' minor' : index % phone !== 0 ? ' wide' : ''
      const words = valueSentence(along, value, settings)
      const checked = index === start ? ' checked' : ''
      return `<input class="stop" type="radio" name="at" id="at${index}" aria-label="${escaped(words)}"${checked}><label class="mark${size}" for="at${index}">${escaped(value.words)}</label>`
    })
    .join('')
}

/** All settings; lines that change along the figure change with it. */
function details({ stops, model }: Figure): string {
  const lines = stops.map(({ settings }) => settingsLines(settings, model))
  const count = Math.max(...lines.map(({ length }) => length))
  const rows = Array.from({ length: count }, (_, row) => {
    const said = lines.map((own) => {
      const line = own[row]
      return line ? `<dt>${escaped(line.name)}</dt>\n<dd>${escaped(line.words.join(' · '))}</dd>` : ''
    })
    return changing(said, (piece, classes) => {
      const [name = '', words = ''] = piece.split('\n')
      return classes === ''
        ? piece
        : `${name.replace('<dt', `<dt class="${classes}"`)}${words.replace('<dd', `<dd class="${classes}"`)}`
    })
  })
  return `<details><summary>All settings</summary><dl>${rows.join('')}</dl></details>`
}

function foot(figure: Figure): string {
  const { along, stops, model, page } = figure
  const said = stops.map(({ settings }) => escaped(caption(settings, model)))
  const links = stops.map(({ settings }) => encodeLink(settings, model))
  const live =
    page === null
      ? ''
      : `<p>${changing(
          links.map((link) => escaped(`${page}#${link}`)),
          (link, classes) =>
            `<a class="${classes}" href="${link}" target="_blank" rel="noopener">Open this picture live, and change it</a>`,
        )}</p>`
  const range = rangeSentence(
    along,
    stops.map(({ value }) => value),
  )
  return `<footer class="foot"><p>${changing(said, (piece, classes) => `<span class="${classes}">${piece}</span>`)}</p><p>${escaped(range)} Sampled by the Guidance Playground.</p>${live}${details(figure)}</footer>`
}

/** The file. Rejects with FigureError where it would be too large. */
export async function figureHtml(figure: Figure): Promise<string> {
  const { along, stops, model, start, theme } = figure
  const shown = stops[start]
  if (!shown) throw new FigureError('A figure has no value to begin with.')
  const title = figure.title ?? titleOf(shown.settings, along, model)
  const style = figureStyle(theme, stops.length)
  const sentences = changing(
    stops.map(({ settings }) => sentence(settings)),
    (piece, classes) => `<p class="sentence ${classes}">${piece}</p>`,
  )
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(style)}">
<title>${escaped(title)}</title>
<meta name="description" content="${escaped(caption(shown.settings, model))}">
<style>${style}</style>
</head>
<body>
<main role="radiogroup" aria-label="${escaped(along.label)}">
<h1>${escaped(title)}</h1>
${buttons(figure)}
<div class="sentences">${sentences}</div>
<div class="pictures">${await panels(figure)}</div>
<div class="axis">${valueLine(figure)}</div>
${foot(figure)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`
  const bytes = utf8ToBytes(html).length
  if (bytes >= MOST_BYTES) throw tooLarge(bytes, figure)
  return html
}

function tooLarge(bytes: number, { stops }: Figure): FigureError {
  const fewer = Math.max(1, Math.floor((stops.length * MOST_BYTES * 0.95) / bytes))
  const samples = stops[0]?.settings.samples ?? 1
  const way = samples > 1 ? `about ${fewer} values, or fewer samples` : `about ${fewer} values`
  return new FigureError(
    `${stops.length} values take ${Math.round(bytes / 1000)} kB, and a figure is under ${MOST_BYTES / 1000} kB: choose ${way}.`,
  )
}
