// A build plugin that puts the page as React draws it first into `index.html`, so that its title, its equation and the places of
// its pictures stand before its code has come, and the pictures with them; the application takes its place in one go.
// @ts-check

/** Attributes by which the page's code finds things, which readers of a screen hear, or which lead elsewhere: a drawing has none. */
const BARE =
  /\s(?:id|for|name|title|href|target|rel|tabindex|aria-label|aria-labelledby|aria-controls|data-part|data-base-ui[\w-]*)="[^"]*"/g
/** A slider's thumb, which Base UI places by a script: where it will be is in its field. */
const THUMB = /style="position:absolute;inset-inline-start:var\(--position\)[^"]*"([^>]*)><input([^>]*)>/g

/** @param {string} attributes @param {string} name */
function numberOf(attributes, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1]
  if (value === undefined) throw new Error(`a slider has no ${name}: Base UI writes it in another way`)
  return Number(value)
}

/** Where the pictures are drawn: the first ones are those of the stage. */
const CANVAS = /<canvas(?=[ >])/g

/**
 * Drawn once the sheet has come, with nothing else to wait for; only an address without settings asks for them (`public/start.js`).
 * @param {readonly number[]} places @param {number} size
 */
const pictures = (places, size) =>
  places
    .map((place) => `url('/first-light-ahead.png') 0 ${(100 * place).toFixed(4)}% / 100% ${(100 * size).toFixed(4)}%`)
    .map((style, row) => `html[data-visit='plain'] #shell [data-picture='${row}']{background:${style}}`)

/**
 * The drawing as a policy on scripts and styles lets it stand: without scripts, and with its styles in a sheet.
 * @param {{ html: string, places: readonly number[], size: number }} drawing
 * @returns {{ html: string, css: string }}
 */
export function bare({ html, places, size }) {
  /** @type {Map<string, string>} */
  const names = new Map()
  let canvas = 0
  const body = html
    .replace(/<script>.*?<\/script>/gs, '')
    .replace(/<input type="file"[^>]*>/g, '')
    .replace(/<p class="sr-only".*?<\/p>/gs, '')
    .replace(THUMB, (_, attributes, field) => {
      const min = numberOf(field, 'min')
      const share = (numberOf(field, 'value') - min) / (numberOf(field, 'max') - min)
      return `style="position:absolute;top:50%;translate:-50% -50%;left:calc(0.5rem + ${share} * (100% - 1rem))"${attributes}>`
    })
    .replace(/\sstyle="([^"]*)"/g, (_, style) => {
      const name = names.get(style) ?? names.size.toString(36)
      names.set(style, name)
      return ` data-s="${name}"`
    })
    .replace(BARE, '')
    .replace(CANVAS, (tag) => (canvas < places.length ? `${tag} data-picture="${canvas++}"` : tag))
  const css = [...names].map(([style, name]) => `#shell [data-s="${name}"]{${style.replaceAll('&quot;', '"')}}`)
  return { html: body, css: [...css, ...pictures(places, size)].join('\n') }
}

/**
 * It lies over the application until that stands. An address with settings gets the frame of the page alone, since no picture and
 * no number is known to be its own; other views none of it (`public/start.js` tells which is which).
 */
const STYLES = `
#shell { display: none; position: absolute; inset: 0 0 auto; z-index: 60; background: var(--bg); }
html:is([data-visit='plain'], [data-visit='link']) #shell { display: block; }
html:is([data-visit='plain'], [data-visit='link']) #starting { display: none; }
html[data-visit='link'] #shell > div > :not(header) * { visibility: hidden; }
html[data-visit='link'] #shell :is(aside, section, figure > :first-child > div) { visibility: visible !important; }
`

/** The module of its styles, which go into the page's sheet. */
const SHEET = 'virtual:shell.css'

/**
 * @param {() => Promise<Parameters<typeof bare>[0]>} render what React draws first
 * @returns {import('vite').Plugin}
 */
export function prerender(render) {
  /** @type {Promise<{ html: string, css: string }> | null} */
  let drawn = null
  return {
    name: 'prerender',
    // The imitation of the engine has another model, and the development server draws at once what was changed.
    configResolved({ command, mode }) {
      if (command === 'build' && mode !== 'fake') drawn = render().then(bare)
    },
    resolveId: (id) => (id === SHEET ? `\0${SHEET}` : null),
    load: async (id) => (id === `\0${SHEET}` ? (drawn ? STYLES + (await drawn).css : '') : null),
    async transformIndexHtml() {
      if (!drawn) return []
      const attrs = { id: 'shell', inert: true, 'aria-hidden': 'true' }
      return [{ tag: 'div', attrs, children: (await drawn).html, injectTo: 'body' }]
    },
  }
}
