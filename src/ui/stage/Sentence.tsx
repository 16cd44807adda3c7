/**
 * The sentence that carries the page: guided = positive + s · (positive − negative), with the numbers in use. A method that
 * pushes inside the network evaluates no negative, so its part is no difference.
 */
import { folds, methodById } from '../../guidance/index'
import type { Term } from '../../settings/types'
import { useShownSettings } from '../app/store'
import { scaleText, sign } from '../../core/format'

/** One term of the sentence: + s · (positive − negative), or a combiner of it. */
function Pushed({
  scale,
  name,
  combiner,
}: {
  readonly scale: number
  readonly name: string
  readonly combiner?: string
}) {
  return (
    <>
      {' '}
      <span className="whitespace-nowrap">
        <span className="font-normal text-muted">{sign(scale)}</span>{' '}
        <span className="num" translate="no">
          {scaleText(Math.abs(scale))}
        </span>{' '}
        <span className="font-normal text-muted">·{combiner ? ` ${combiner}` : ''} (</span>
        <span className="text-positive">positive</span> <span className="font-normal text-muted">−</span>{' '}
        <span className="text-negative">{name}</span>
        <span className="font-normal text-muted">)</span>
      </span>
    </>
  )
}

/** A push inside the network: of the first term, or of a further one, which says its name. */
function Folded({ scale, name = null }: { readonly scale: number; readonly name?: string | null }) {
  return (
    <span className="whitespace-nowrap">
      <span className="font-normal text-muted">, pushed inside by</span>{' '}
      <span className="num" translate="no">
        {scaleText(scale)}
      </span>
      {name && <span className="font-normal text-muted"> ({name})</span>}
    </span>
  )
}

function First() {
  const own = useShownSettings((settings) => settings)
  const { scale } = own
  const method = methodById(own.method)
  if (folds(own)) return <Folded scale={scale} />
  return <Pushed scale={scale} name="negative" {...(method?.kind === 'combiner' && { combiner: method.name })} />
}

function Further({ term }: { readonly term: Term }) {
  const name = methodById(term.method)?.name ?? term.method
  return folds(term) ? <Folded scale={term.scale} name={name} /> : <Pushed scale={term.scale} name={name} />
}

export function Sentence() {
  const method = useShownSettings((settings) => methodById(settings.method))
  const off = method?.kind === 'none'
  const stack = useShownSettings((settings) => settings.stack)
  // The name of a combiner is long, and may take a line of its own.
  const room = method?.kind === 'combiner' ? '' : 'whitespace-nowrap'
  const size = stack.length > 0 ? 'sm:text-lead sm:leading-6' : `${room} sm:text-xl sm:leading-7 lg:max-xl:text-lead`
  return (
    <h1 className={`text-sentence leading-6 font-medium tracking-[-0.01em] max-[22.5rem]:text-label ${size}`}>
      guided <span className="font-normal text-muted">=</span> <span className="text-positive">positive</span>
      {!off && <First />}
      {!off && stack.map((term, index) => <Further key={index} term={term} />)}
    </h1>
  )
}
