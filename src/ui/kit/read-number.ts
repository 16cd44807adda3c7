/** Numbers as people type them, in the digits, separators and signs of whatever country. Pure. */

export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly whole: boolean
}

export type NumberRead =
  | { readonly kind: 'number'; readonly value: number }
  /** Nothing was typed. */
  | { readonly kind: 'empty' }
  /** `why` is a few words, to be read beside the field. */
  | { readonly kind: 'fault'; readonly why: string }

/** A number of more characters is none that a person types. */
const LONGEST = 40

const DIGIT = /\p{Nd}/u

/** A decimal digit of any script; Unicode has them in rows of ten. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}

/** Digits, signs and separators in ASCII: `.` and `,` as they were, `'` for what only ever parts groups. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, '')
    .trim()
    .replace(/\p{Nd}/gu, digit)
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('٫', '.')
    .replaceAll('،', ',')
    .replace(/[٬’ʼ`´_\s]/g, "'")
}

const GROUPED: readonly RegExp[] = [/^\d{1,3}(?:G\d{3})+$/, /^\d{1,2}(?:G\d{2})*G\d{3}$/]

/** Whole digits with their separators out; null where those don't stand between thousands (or lakhs). */
function ungrouped(text: string, separator: string): string | null {
  const marked = text.replaceAll(separator, 'G')
  return !marked.includes('G') || GROUPED.some((groups) => groups.test(marked)) ? marked.replaceAll('G', '') : null
}

/** What unsigned digits with separators can mean. */
function readings(text: string, whole: boolean): readonly (string | null)[] {
  const spaced = text.includes("'")
  const [dots, commas] = ['.', ','].map((separator) => text.split(separator).length - 1) as [number, number]
  if (dots + commas === 0) return [ungrouped(text, "'")]
  const last = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ','
  const other = last === '.' ? ',' : '.'
  const at = text.lastIndexOf(last)
  const before = text.slice(0, at)
  const decimal = () => {
    const groups = ungrouped(before, spaced ? "'" : other)
    const decimals = text.slice(at + 1)
    return groups === null || /\D/.test(decimals) ? null : `${groups}.${decimals}`
  }
  const group = () => ungrouped(text, last)
  if (dots > 0 && commas > 0) return [decimal()]
  if (dots > 1 || commas > 1) return [group()]
  const thousands = group()
  if (thousands === null || text.startsWith('0')) return [decimal()]
  // Three digits behind the one separator: nobody types decimals of a whole number, and a dot is what the page writes itself.
  if (whole) return [thousands]
  return last === '.' ? [decimal()] : [decimal(), thousands]
}

const plain = (value: number) => (value === Infinity ? '∞' : String(value).replace('-', '−'))

/** The range in a few words. */
function rangeWords({ min, max, whole }: NumberRange): string {
  const what = whole ? 'a whole number ' : ''
  return max === Infinity
    ? `${what}${whole ? 'of ' : ''}at least ${plain(min)}`
    : `${what}between ${plain(min)} and ${plain(max)}`
}

const fault = (why: string): NumberRead => ({ kind: 'fault', why })

/** The one reading that the field takes, or why there is none. */
function chosen(values: readonly number[], range: NumberRange): NumberRead {
  const fitting = values.filter(
    (value) => value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value)),
  )
  const [value, another] = fitting
  if (value !== undefined && another !== undefined) return fault(`${plain(value)} or ${plain(another)}? Write it so.`)
  if (value !== undefined) return { kind: 'number', value: value === 0 ? 0 : value }
  return fault(`Must be ${rangeWords(range)}`)
}

export function readNumber(text: string, range: NumberRange): NumberRead {
  const typed = plainText(text)
  if (typed === '') return { kind: 'empty' }
  const [, sign = '', size = ''] = typed.length > LONGEST ? [] : (/^([+-]?)'?(.+)$/.exec(typed) ?? [])
  const signed = (value: number) => (sign === '-' ? -value : value)
  if (/^(?:inf(?:inity)?|∞)$/i.test(size)) return chosen([signed(Infinity)], range)
  const parts = /^(?=[.,]?\d)([\d.,']*\d[.,]?)(e[+-]?\d{1,3})?$/i.exec(size)
  const found = parts ? readings(parts[1] ?? '', range.whole && parts[2] === undefined) : []
  const values = found.flatMap((read) => (read === null ? [] : [signed(Number(read + (parts?.[2] ?? '')))]))
  return values.length === 0 ? fault('Not a number') : chosen(values, range)
}
