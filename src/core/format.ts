/** Numbers as a person reads them. Pure. */
const MINUS = '−'

/** Fixed decimals with a real minus sign. */
export function fixed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? MINUS + text : text
}

/** A guidance scale: two decimals, more where it has more, so that no other scale reads alike. */
export function scaleText(scale: number): string {
  return scale === Number(scale.toFixed(2)) ? fixed(scale) : plain(scale)
}

/** With a sign always. */
export function signed(value: number, digits = 2): string {
  return value < 0 ? fixed(value, digits) : `+${fixed(value, digits)}`
}

/** What stands before a number as the next part of a sum. */
export function sign(value: number): string {
  return value < 0 ? MINUS : '+'
}

/** As the next part of a sum: "+ 0.50", "− 0.50". */
export function addend(value: number, text: (size: number) => string = fixed): string {
  return `${sign(value)} ${text(Math.abs(value))}`
}

/** Three significant digits, no exponent; ∞ for infinity. */
export function formatSigma(sigma: number): string {
  if (sigma === Infinity) return '∞'
  if (sigma === 0) return '0'
  return String(Number(sigma.toPrecision(3)))
}

/** Without trailing zeros. */
export function plain(value: number): string {
  if (value === Infinity) return '∞'
  return fixed(value, 4).replace(/\.?0+$/, '')
}

export function percent(share: number): string {
  return `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

/** How long something takes, to be read behind “about”. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
