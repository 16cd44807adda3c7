/**
 * A formula on a line of its own, drawn by KaTeX, which writes MathML beside it to be read aloud. KaTeX is a quarter of the
 * page's code: only what is loaded on demand imports this file.
 */
import katex from 'katex'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'

/** One too long for its line scrolls, and can then be reached and scrolled by keyboard. */
export function Formula({ children }: { readonly children: string }) {
  // The source is our own metadata and KaTeX escapes it.
  const html = useMemo(() => katex.renderToString(children, { displayMode: false, throwOnError: false }), [children])
  const element = useRef<HTMLSpanElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const observer = new ResizeObserver(() => setScrolls(current.scrollWidth > current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [html])
  return (
    <span
      ref={element}
      className="block overflow-x-auto py-0.5"
      {...(scrolls && { tabIndex: 0 })}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  )
}
