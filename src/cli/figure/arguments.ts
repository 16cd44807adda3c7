/** The arguments of `npm run figure`, and what it says about itself. */
import { parseArgs } from 'node:util'
import { MOST_BYTES, MOST_VALUES, USUAL_COUNT, type FigureTheme } from '../../figure'
import { isLink } from '../../settings'
import { openPreset, SETTING_OPTIONS, settingFlags, settingsHelp, type PresetSource } from '../preset'
import { UsageError } from '../usage'

export const HELP = `Usage: npm run -s figure -- --preset FILE_OR_LINK --along KEY [--from A --to B --count N | --values A,B,C] --out FILE.html
       npm run -s figure -- --preset FILE_OR_LINK --card --out FILE.png

Writes a still figure: one HTML file under ${MOST_BYTES / 1000} kB that holds the pictures at each value of one setting, with a slider. It
needs nothing else and fetches nothing: put it on any web page (in an iframe), or open it from a disk.

  --preset FILE_OR_LINK  a preset file (JSON, as the page's "Save JSON" writes it) or a link copied from the page
  --KEY VALUE            a key of a preset, written as in a link (--layers 2_3_4), in the preset's place
  --along KEY            the setting that changes: scale, seed, class, layers, steps, or one of the method's own
  --from A --to B        its first and last value (default: as far as the page's slider goes)
  --count N              how many values, 2 to ${MOST_VALUES} (default: ${USUAL_COUNT})
  --values A,B,C         the values themselves, each written as in a link; of any setting (--along method --values pag,seg)
  --out FILE             the file to write
  --page URL             address of the live page, which the figure links to (default: that of the preset's link)
  --title TEXT           in the place of the title that the settings give
  --theme THEME          light, dark, or auto: as the reader's system has it (default)
  --card                 a PNG of 1200 × 630 instead, as sites show beside a link (OpenGraph); needs a Chromium
  --threads N            CPU threads (default: all)
  --help                 this text

Keys of a preset, all optional:
${settingsHelp()}

Exit status: 0 done, 1 the run failed, 2 the arguments or the preset are wrong.`

/** How the values were asked for. */
export type Wanted =
  | { readonly kind: 'range'; readonly from: number | null; readonly to: number | null; readonly count: number }
  | { readonly kind: 'values'; readonly texts: readonly string[] }

export interface FigureArguments {
  readonly source: PresetSource
  readonly out: string
  readonly page: string | null
  readonly title: string | null
  readonly theme: FigureTheme
  readonly threads: number
  /** Null: a card. */
  readonly along: { readonly key: string; readonly wanted: Wanted } | null
}

const text = { type: 'string' } as const
const OPTIONS = {
  preset: text,
  out: text,
  along: text,
  from: text,
  to: text,
  count: text,
  values: text,
  page: text,
  title: text,
  theme: { ...text, default: 'auto' },
  threads: { ...text, default: '0' },
  card: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { ...SETTING_OPTIONS, ...OPTIONS } }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

type Said = ReturnType<typeof parsed>

function numberOf(name: string, given: string | undefined): number | null {
  if (given === undefined) return null
  const value = Number(given)
  if (given.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${name} must be a number, not ${given}`)
  return value
}

function wantedOf({ from, to, count, values }: Said): Wanted {
  if (values === undefined)
    return {
      kind: 'range',
      from: numberOf('from', from),
      to: numberOf('to', to),
      count: numberOf('count', count) ?? USUAL_COUNT,
    }
  if (from !== undefined || to !== undefined || count !== undefined)
    throw new UsageError('--values says all values, so --from, --to and --count have no place beside it')
  const texts = values.split(',').map((one) => one.trim())
  if (texts.length < 2 || texts.length > MOST_VALUES || texts.includes(''))
    throw new UsageError(`--values takes 2 to ${MOST_VALUES} values with commas between, not ${values}`)
  return { kind: 'values', texts }
}

function alongOfArguments(values: Said): FigureArguments['along'] {
  const { along, card } = values
  if (card === (along !== undefined)) throw new UsageError('give either --along KEY or --card (--help explains)')
  return along === undefined ? null : { key: along, wanted: wantedOf(values) }
}

function themeOf(theme: string): FigureTheme {
  if (theme === 'light' || theme === 'dark' || theme === 'auto') return theme
  throw new UsageError(`--theme must be light, dark or auto, not ${theme}`)
}

/** The address of a page on the web, without what a link says behind it; null of any other text. */
function webAddress(address: string): string | null {
  const [base = ''] = address.trim().split('#')
  return /^https?:\/\//.test(base) && URL.canParse(base) ? base : null
}

function pageOf({ page, preset }: Said): string | null {
  if (page === undefined) return preset !== undefined && isLink(preset) ? webAddress(preset) : null
  const address = webAddress(page)
  if (address === null) throw new UsageError(`--page must be an address that begins with https://, not ${page}`)
  return address
}

/** The arguments, checked; null where help was asked for. */
export function readArguments(argv: readonly string[]): FigureArguments | null {
  const values = parsed(argv)
  if (values.help) return null
  const flags = settingFlags(values, Object.keys(OPTIONS))
  if (!values.preset && Object.keys(flags).length === 0)
    throw new UsageError('--preset FILE_OR_LINK is missing (--help explains)')
  if (!values.out) throw new UsageError('--out FILE is missing (--help explains)')
  const threads = Number(values.threads)
  if (!Number.isInteger(threads) || threads < 0)
    throw new UsageError(`--threads must be a whole number, not ${values.threads}`)
  return {
    source: openPreset(values.preset, flags),
    out: values.out,
    page: pageOf(values),
    title: values.title ?? null,
    theme: themeOf(values.theme),
    threads,
    along: alongOfArguments(values),
  }
}
