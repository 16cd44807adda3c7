/** Names in formulas: KaTeX's text mode takes neither superscripts nor its own special characters as they are. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻'
const PLAIN = '0123456789+-'

/** KaTeX of a name, upright. */
export function texName(name: string): string {
  const text = name
    .replace(
      /[\\{}$&#%_^~]/g,
      (special) =>
        ({
          '\\': String.raw`\textbackslash{}`,
          '^': String.raw`\textasciicircum{}`,
          '~': String.raw`\textasciitilde{}`,
        })[special] ?? `\\${special}`,
    )
    .replace(new RegExp(`[${SUPERSCRIPTS}]+`, 'gu'), (marks) => {
      const digits = [...marks].map((mark) => PLAIN[SUPERSCRIPTS.indexOf(mark)]).join('')
      return `$^{${digits}}$`
    })
  return String.raw`\text{${text}}`
}
