/** A lesson's Markdown as elements. What a lesson can't hold was refused when it was read, so it is not drawn here. */
import katex from 'katex'
import { type ReactNode, useLayoutEffect, useMemo, useRef } from 'react'
import { type Body, bodyOf } from '../../lesson'
import { Formula } from '../kit/Formula'
import { piecesOf, unbroken } from './unbroken'

/** A formula in a line of text. */
function Inline({ tex }: { readonly tex: string }) {
  const element = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    // As elements: a policy on styles forbids the attributes that a string would have.
    if (element.current) katex.render(tex, element.current, { throwOnError: false })
  }, [tex])
  return <span ref={element} />
}

type Content = Body['nodes'][number]

const HEADINGS = ['h3', 'h4', 'h5'] as const

function Heading({ depth, children }: { readonly depth: number; readonly children: ReactNode }) {
  const Tag = HEADINGS[Math.min(HEADINGS.length - 1, Math.max(0, depth - 3))] ?? 'h5'
  return <Tag className="mt-2 font-medium">{children}</Tag>
}

function Anchor({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const here = href.startsWith('#')
  return (
    <a className="link" href={href} {...(!here && { target: '_blank', rel: 'noreferrer' })}>
      {children}
    </a>
  )
}

function Node({ node }: { readonly node: Content }): ReactNode {
  const children = 'children' in node ? <Nodes nodes={node.children} /> : null
  switch (node.type) {
    case 'text':
      return unbroken(node.value)
    case 'paragraph':
      return <p>{children}</p>
    case 'emphasis':
      return <em>{children}</em>
    case 'strong':
      return <strong className="font-semibold">{children}</strong>
    case 'inlineCode':
      return <code className="rounded-[3px] bg-sunken px-1 text-[0.92em]">{node.value}</code>
    case 'code':
      return (
        <pre className="overflow-x-auto rounded-[5px] bg-sunken p-2 text-label" tabIndex={0}>
          <code>{node.value}</code>
        </pre>
      )
    case 'inlineMath':
      return <Inline tex={node.value} />
    case 'math':
      return <Formula>{node.value}</Formula>
    case 'break':
      return <br />
    case 'thematicBreak':
      return <hr className="border-line" />
    case 'blockquote':
      return <blockquote className="note text-muted">{children}</blockquote>
    case 'heading':
      return <Heading depth={node.depth}>{children}</Heading>
    case 'list': {
      const Tag = node.ordered ? 'ol' : 'ul'
      return (
        <Tag
          className={`flex flex-col gap-1 pl-5 ${node.ordered ? 'list-decimal' : 'list-disc'}`}
          {...(node.ordered && { start: node.start ?? 1 })}
        >
          {children}
        </Tag>
      )
    }
    case 'listItem':
      return <li>{children}</li>
    case 'link':
      return <Anchor href={node.url}>{children}</Anchor>
    case 'image':
      return (
        <img
          src={`${import.meta.env.BASE_URL}lessons/${node.url}`}
          alt={node.alt ?? ''}
          className="h-auto max-w-full rounded-[3px]"
        />
      )
    default:
      return null
  }
}

function Nodes({ nodes }: { readonly nodes: readonly Content[] }) {
  // Nodes of a text that was read never change places.
  return piecesOf(nodes).map((piece, i) => {
    if (piece.kind === 'node') return <Node key={i} node={piece.node} />
    return (
      <span key={i} className="whitespace-nowrap">
        {piece.before}
        <Inline tex={piece.formula.value} />
        {piece.after}
      </span>
    )
  })
}

/** Paragraphs, one under the other. */
export function Text({ body }: { readonly body: Body }) {
  return (
    <div className="flex flex-col gap-2.5">
      <Nodes nodes={body.nodes} />
    </div>
  )
}

/** Words that may hold emphasis and formulas: a title, a question, a choice. */
export function Line({ children }: { readonly children: string }) {
  const nodes = useMemo(() => {
    const [first] = bodyOf(children).nodes
    return first?.type === 'paragraph' ? first.children : null
  }, [children])
  return nodes === null ? unbroken(children) : <Nodes nodes={nodes} />
}

/** The same over several paragraphs. */
export function Words({ children }: { readonly children: string }) {
  const body = useMemo(() => bodyOf(children), [children])
  return <Text body={body} />
}
