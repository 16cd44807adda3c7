/** A formula. KaTeX writes MathML beside the drawn form, so that it can be read aloud. */
import katex from 'katex'
import { useMemo } from 'react'

export function Tex({ children, block = false }: { readonly children: string; readonly block?: boolean }) {
  const html = useMemo(() => katex.renderToString(children, { displayMode: false, throwOnError: false }), [children])
  // The source is our own metadata and KaTeX escapes it.
  return <span className={block ? 'block overflow-x-auto py-0.5' : undefined} dangerouslySetInnerHTML={{ __html: html }} />
}
