/** A formula. KaTeX writes MathML beside the drawn form, so that it can be read aloud. */
import katex from 'katex'
import { Fragment, useLayoutEffect, useMemo, useRef, useState } from 'react'

function useHtml(source: string): string {
  // The source is our own metadata and KaTeX escapes it.
  return useMemo(() => katex.renderToString(source, { displayMode: false, throwOnError: false }), [source])
}

/** On a line of its own; one too long for it scrolls, and can then be reached and scrolled by keyboard. */
function Block({ children }: { readonly children: string }) {
  const html = useHtml(children)
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

function Inline({ children }: { readonly children: string }) {
  return <span dangerouslySetInnerHTML={{ __html: useHtml(children) }} />
}

export function Tex({ children, block = false }: { readonly children: string; readonly block?: boolean }) {
  return block ? <Block>{children}</Block> : <Inline>{children}</Inline>
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
          <span className="text-[0.83em]">
            <Inline>x_t</Inline>
          </span>
          {part}
        </Fragment>
      ))}
    </>
  )
}
