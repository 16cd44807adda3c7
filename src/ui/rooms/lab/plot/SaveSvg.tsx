/** A drawing as a file. */
import type { RefObject } from 'react'
import { download } from '../../../share/share'
import { svgText } from './svg'

interface SaveSvgProps {
  readonly part: string
  readonly svg: RefObject<SVGSVGElement | null>
  readonly file: string
}

export function SaveSvg({ part, svg, file }: SaveSvgProps) {
  const save = () => {
    if (svg.current) download(new Blob([svgText(svg.current)], { type: 'image/svg+xml' }), file)
  }
  return (
    <p className="text-label">
      <button type="button" className="link" data-part={part} onClick={save}>
        Save the drawing as SVG
      </button>
    </p>
  )
}
