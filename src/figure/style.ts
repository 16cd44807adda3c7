/** How a figure looks: the page's colours and sizes, with letters of the system, since nothing is fetched. */

const LIGHT_DARK = (light: string, dark: string, property: string) => ({ light, dark, property })

/** As in `ui/styles.css`. */
const COLOURS = [
  LIGHT_DARK('#fafaf9', '#111315', '--bg'),
  LIGHT_DARK('#f0f0ee', '#1e2124', '--sunken'),
  LIGHT_DARK('#15171a', '#eceded', '--ink'),
  LIGHT_DARK('#565c65', '#a0a6ae', '--muted'),
  LIGHT_DARK('#e1e2e0', '#2b2e32', '--line'),
  LIGHT_DARK('#868b93', '#70767e', '--edge'),
  LIGHT_DARK('#0b5cad', '#7dbcf7', '--positive'),
  LIGHT_DARK('#a1440a', '#f2a66b', '--negative'),
]

export type FigureTheme = 'light' | 'dark' | 'auto'

const declared = (which: 'light' | 'dark') => COLOURS.map((each) => `${each.property}:${each[which]}`).join(';')

/** The colours of a theme, or of whichever the reader's system has. */
export function colours(theme: FigureTheme): string {
  switch (theme) {
    case 'light':
    case 'dark':
      return `:root{color-scheme:${theme};${declared(theme)}}`
    case 'auto':
      return `:root{color-scheme:light dark;${declared('light')}}@media(prefers-color-scheme:dark){:root{${declared('dark')}}}`
    default:
      return theme satisfies never
  }
}

const FONT =
  "'Inter Variable',Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

export const TEXT = `
*{box-sizing:border-box;margin:0}
html{font-size:100%;-webkit-text-size-adjust:100%;background:var(--bg)}
body{color:var(--ink);font:.875rem/1.25rem ${FONT};padding:1rem}
i{font-style:normal;font-weight:400;color:var(--muted)}
b{font-weight:500}
.n{font-variant-numeric:tabular-nums}
.positive{color:var(--positive)}
.negative{color:var(--negative)}
.sentence{font-size:.9375rem;line-height:1.5rem;font-weight:500;letter-spacing:-.01em}
`

const FRAME = `
h1{font-size:.875rem;line-height:1.25rem;font-weight:500}
main{display:grid;max-width:50rem;margin:0 auto;gap:.75rem 0}
main>*{grid-column:1/-1;min-width:0}
.pictures{display:grid;grid-auto-columns:minmax(0,1fr);grid-auto-flow:column;gap:.375rem}
.name{font-weight:500;margin-bottom:.25rem}
.frame{position:relative;background:var(--sunken)}
.frame img{display:block;width:100%;height:auto;image-rendering:pixelated}
.none{aspect-ratio:1;display:grid;place-items:center;color:var(--muted)}
.frame canvas{position:absolute;top:0;left:0;width:100%;height:100%}
.value{font-variant-numeric:tabular-nums;text-align:center;color:var(--muted)}
.value b{color:var(--ink)}
.foot{border-top:1px solid var(--line);padding-top:.625rem;color:var(--muted);font-size:.8125rem}
.foot p+p{margin-top:.25rem}
a{color:var(--ink);text-decoration-color:var(--edge);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--positive);outline-offset:2px}
summary{cursor:pointer;width:max-content}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin-top:.375rem}
dd{color:var(--ink);overflow-wrap:anywhere}
@media(min-width:40rem){.pictures{gap:1rem}.sentence{font-size:1.25rem;line-height:1.75rem}}
`

/** Buttons in a row, each above its value; the slider takes their place. */
const AXIS = `
.stop{grid-column:auto!important;grid-row:5;justify-self:center;width:1.125rem;height:1.125rem;accent-color:var(--ink)}
.mark{grid-column:auto!important;grid-row:6;justify-self:center;margin-top:-.625rem;color:var(--muted);font-size:.75rem;line-height:1rem;white-space:nowrap;font-variant-numeric:tabular-nums;cursor:pointer}
.mark.minor{visibility:hidden}
h1{grid-row:1}.sentences{grid-row:2}.pictures{grid-row:3}.axis{grid-row:4}.foot{grid-row:7}
.slider{grid-row:5;justify-self:center;width:calc(100% - 100%/var(--n) + 1.125rem);height:1.25rem;margin:0;accent-color:var(--ink);cursor:pointer}
.live .stop{display:none}
@media(max-width:40rem){.mark.wide{visibility:hidden}}
@media print{.stop,.slider,.mark,details,a{display:none}body{padding:0}}
`

/** Of `count` values the chosen one; where buttons do nothing, the first that is marked so stands. */
function chosen(count: number): string {
  const rules = Array.from(
    { length: count },
    (_, index) => `#at${index}:checked~.k:not(.k${index}),#at${index}:checked~* .k:not(.k${index})`,
  )
  return `main{--n:${count};grid-template-columns:repeat(${count},minmax(0,1fr))}${rules.join(',')}{display:none}`
}

const tight = (css: string) => css.replaceAll('\n', '')

export const figureStyle = (theme: FigureTheme, count: number): string =>
  tight(`${colours(theme)}${TEXT}${FRAME}${AXIS}${chosen(count)}`)
