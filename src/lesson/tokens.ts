/** The words and signs of a condition. */

export type Token =
  | { readonly kind: 'number'; readonly text: string; readonly value: number }
  | { readonly kind: 'text' | 'name' | 'sign'; readonly text: string }

/** Signs as they may be typed, and as they are meant. */
const SIGNS: Readonly<Record<string, string>> = { '==': '=', '≤': '<=', '≥': '>=', '≠': '!=', '−': '-', '·': '*' }
const WORDS: readonly string[] = ['and', 'or', 'not']

/** Each alternative matches in one way only, so that a long text takes linear time. */
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)|"([^"]*)"|([a-z]\w*(?:\.\w+)*)|(<=|>=|!=|==|[-+*/()<>=≤≥≠−·]))/iy

/** The tokens; or, as a text, what is wrong. */
export function tokensOf(text: string): readonly Token[] | string {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  let at = 0
  while (at < end) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (match === null) return `“${text.slice(at).trim().slice(0, 12)}” is not understood`
    const [whole, number, quoted, name, sign] = match
    if (number !== undefined) tokens.push({ kind: 'number', text: number, value: Number(number) })
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted })
    else if (name !== undefined) tokens.push({ kind: WORDS.includes(name) ? 'sign' : 'name', text: name })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: SIGNS[sign] ?? sign })
    at += whole.length
  }
  return tokens
}
