/** The sentence that carries the page: guided = positive + s · (positive − negative), with the numbers in use. */
import { methodById } from '../../guidance/index'
import { useShownSettings } from '../app/store'
import { fixed } from '../kit/format'

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
        <span className="font-normal text-muted">+</span> <span className="num">{fixed(scale)}</span>{' '}
        <span className="font-normal text-muted">·{combiner ? ` ${combiner}` : ''} (</span>
        <span className="text-positive">positive</span> <span className="font-normal text-muted">−</span>{' '}
        <span className="text-negative">{name}</span>
        <span className="font-normal text-muted">)</span>
      </span>
    </>
  )
}

export function Sentence() {
  const method = useShownSettings((settings) => methodById(settings.method))
  const off = method?.kind === 'none'
  const scale = useShownSettings((settings) => settings.scale)
  const stack = useShownSettings((settings) => settings.stack)
  // The name of a combiner is long, and may take a line of its own.
  const room = method?.kind === 'combiner' ? '' : 'whitespace-nowrap'
  const size = stack.length > 0 ? 'sm:text-lead sm:leading-6' : `${room} sm:text-xl sm:leading-7 lg:max-xl:text-lead`
  return (
    <h1 className={`text-sentence leading-6 font-medium tracking-[-0.01em] max-[22.5rem]:text-label ${size}`}>
      guided <span className="font-normal text-muted">=</span> <span className="text-positive">positive</span>
      {!off && <Pushed scale={scale} name="negative" {...(method?.kind === 'combiner' && { combiner: method.name })} />}
      {!off &&
        stack.map((term, index) => (
          <Pushed key={index} scale={term.scale} name={methodById(term.method)?.name ?? term.method} />
        ))}
    </h1>
  )
}
