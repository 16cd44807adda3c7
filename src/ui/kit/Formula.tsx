/**
 * A formula on a line of its own, drawn by KaTeX, which writes MathML beside it to be read aloud. KaTeX is a quarter of the
 * page's code: only what is loaded on demand imports this file.
 */
import katex from 'katex'
import { useLayoutEffect, useRef, useState } from 'react'

/** One too long for its line scrolls, and can then be reached and scrolled by keyboard. */
export function Formula({ children }: { readonly children: string }) {
  const element = useRef<HTMLSpanElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    // As elements, not as a string: a policy on styles forbids the attributes that the string would have.
    katex.render(children, current, { displayMode: false, throwOnError: false })
    const observer = new ResizeObserver(() => setScrolls(current.scrollWidth > current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [children])
  return (
    <span ref={element} className="block overflow-x-auto py-0.5" translate="no" {...(scrolls && { tabIndex: 0 })} />
  )
}
