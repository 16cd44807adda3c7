/** A figure of a section, by its kind. */
import type { Evidence } from './evidence'
import { Curves } from './Curves'
import type { Figure } from './section'
import { TwoWays } from './TwoWays'
import { Variants } from './Variants'

function Body({ figure, evidence, wide }: FigureProps) {
  switch (figure.kind) {
    case 'lines':
      return <Curves figure={figure} evidence={evidence} />
    case 'table':
      return <Variants figure={figure} evidence={evidence} wide={wide} />
    case 'plane':
      return <TwoWays figure={figure} evidence={evidence} />
    default:
      return figure satisfies never
  }
}

interface FigureProps {
  readonly figure: Figure
  readonly evidence: Evidence
  /** Whether it is the only one of its section, and has the width of two. */
  readonly wide: boolean
}

/** The files that draw the figure's points anew, each in its command. */
function Sweeps({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => (
    <p key={name} className="mt-2 text-hint text-muted" translate="no">
      npm run -s sweep -- public/sweeps/
      <a className="link" data-part="sweep-file" href={`sweeps/${name}.json`} download>
        {name}.json
      </a>
    </p>
  ))
}

export function FigureView(props: FigureProps) {
  return (
    <figure
      data-part="figure"
      data-figure={props.figure.id}
      className={`min-w-0 ${props.wide || props.figure.kind === 'plane' ? 'xl:col-span-2' : ''}`}
    >
      <h3 className="text-label font-medium">{props.figure.title}</h3>
      <Body {...props} />
      {props.figure.sweeps && <Sweeps names={props.figure.sweeps} />}
    </figure>
  )
}
