/** Symbols in a line of text, such as `D^{-}_1`: letters, scripts and a few Greek letters. Whole formulas are `Formula`'s. */
import { Fragment, type ReactNode } from 'react'

const GREEK: Readonly<Record<string, string>> = { Delta: 'Δ', sigma: 'σ' }

interface Piece {
  readonly base: string
  readonly sup: string | null
  readonly sub: string | null
}

const SCRIPT = /^([_^])(?:\{([^}]*)\}|(.))/

/** LaTeX of this small kind in pieces: one letter, name or sign each, with its scripts. */
export function piecesOf(source: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let rest = source; rest !== '';) {
    const base = /^\\[a-z]+|^[\s\S]/i.exec(rest)?.[0] ?? rest
    rest = rest.slice(base.length)
    const scripts: Record<string, string> = {}
    for (let script = SCRIPT.exec(rest); script; script = SCRIPT.exec(rest)) {
      scripts[script[1] ?? ''] = script[2] ?? script[3] ?? ''
      rest = rest.slice(script[0].length)
    }
    pieces.push({ base: base.replace(/^\\/, ''), sup: scripts['^'] ?? null, sub: scripts['_'] ?? null })
  }
  return pieces
}

/** Small letters and Latin capitals lean, as in print; Greek capitals, digits and signs stand. */
function sign(text: string): ReactNode {
  const shown = (GREEK[text] ?? text).replaceAll('-', '−')
  return /^[a-zσ]$/i.test(shown) ? <var>{shown}</var> : shown
}

function Scripts({ sup, sub }: Pick<Piece, 'sup' | 'sub'>) {
  if (sup !== null && sub !== null) {
    return (
      <span className="scripts">
        <span>{sign(sup)}</span>
        <span>{sign(sub)}</span>
      </span>
    )
  }
  return (
    <>
      {sup !== null && <sup>{sign(sup)}</sup>}
      {sub !== null && <sub>{sign(sub)}</sub>}
    </>
  )
}

function Symbols({ children, size }: { readonly children: string; readonly size: string }) {
  return (
    <span className={`symbols ${size}`} translate="no">
      {piecesOf(children).map(({ base, ...scripts }, index) => (
        // Pieces never change places.
        <Fragment key={index}>
          {sign(base)}
          <Scripts {...scripts} />
        </Fragment>
      ))}
    </span>
  )
}

/** A symbol beside text, as large as formulas are there. */
export function Tex({ children }: { readonly children: string }) {
  return <Symbols size="text-symbols">{children}</Symbols>
}

/** Plain words in which `x_t` stands for the noisy image. */
export function Words({ children }: { readonly children: string }) {
  const [first, ...rest] = children.split('x_t')
  return (
    <>
      {first}
      {rest.map((part, index) => (
        // Parts never change places.
        <Fragment key={index}>
          <Symbols size="text-[1em]">x_t</Symbols>
          {part}
        </Fragment>
      ))}
    </>
  )
}
