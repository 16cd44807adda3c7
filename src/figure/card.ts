/** A preset's card: what sites show beside a link to it (OpenGraph, 1200 × 630), as a page that a browser takes a picture of. */
import { caption } from '../settings/words'
import type { Figure } from './types'
import { panels } from './panels'
import { DRAWING } from './script'
import { colours, TEXT } from './style'
import { escaped } from './variants'
import { sentence } from './words'

export const CARD = { width: 1200, height: 630 } as const

const STYLE = `
body{width:${CARD.width}px;height:${CARD.height}px;padding:36px 48px;display:flex;flex-direction:column;justify-content:space-between;overflow:hidden}
.sentence{font-size:34px;line-height:44px;white-space:nowrap}
.long{font-size:24px}
.pictures{display:flex;gap:24px}
.pictures>div{width:352px}
.name{font-size:22px;line-height:30px;font-weight:500;margin-bottom:6px}
.frame{position:relative;height:352px;background:var(--sunken)}
.frame img{width:100%;height:100%;image-rendering:pixelated}
.frame canvas{position:absolute;top:0;left:0;width:100%;height:100%}
.foot{display:flex;justify-content:space-between;gap:32px;font-size:21px;line-height:28px;color:var(--muted)}
.foot span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.foot b{color:var(--ink);flex:none}
`

/** The page of a figure's one value. `letters`: rules for a font, which the browser that takes the picture has beside it. */
export async function cardHtml(figure: Figure, letters: string): Promise<string> {
  const { stops, start, model, title } = figure
  const stop = stops[start]
  if (!stop) throw new RangeError('a card shows a value')
  const { settings } = stop
  const said = sentence(settings)
  const theme = figure.theme === 'auto' ? 'light' : figure.theme
  // More terms than one need smaller letters for one line.
  const long = settings.stack.length > 0 ? ' long' : ''
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title ?? 'Guidance Playground')}</title>
<style>${letters}${colours(theme)}${TEXT}${STYLE}</style></head>
<body><p class="sentence${long}">${said}</p>
<div class="pictures">${await panels({ ...figure, stops: [stop] })}</div>
<p class="foot"><span>${escaped(title ?? caption(settings, model))}</span><b>Guidance Playground</b></p>
<script>${DRAWING}</script></body></html>`
}
