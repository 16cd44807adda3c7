/** One pixel of the equation in numbers. */
import { Hint } from '../../kit/Hint'
import { usePage } from '../../app/store'
import { fixed, plain, signed } from '../../../core/format'
import { Tex } from '../../kit/Tex'
import { valueAt } from '../../stage/pixels'
import type { Plot, PlotProps } from '../plot'

function Values({ sample, settings }: PlotProps) {
  const model = usePage((state) => state.model)
  const pixel = usePage((state) => state.stage.pixel)
  if (!pixel) {
    return (
      <Hint className="print:hidden">
        Point at a pixel in any picture to follow it through the equation, or focus the row and use the arrow keys.
      </Hint>
    )
  }
  const read = (image: Float32Array) => valueAt(image, model.image, pixel.x, pixel.y)
  const plus = read(sample.predictionPositive)
  const several = sample.stacked.length > 0
  const terms = [sample, ...sample.stacked].flatMap((term, at): [string, string, number[] | null, boolean][] => {
    const minus = term.predictionNegative && read(term.predictionNegative)
    const mark = several ? `_${at + 1}` : ''
    return [
      [`D^{-}${mark}`, 'negative prediction', minus, false],
      [String.raw`\Delta${mark}`, 'difference', minus && plus.map((value, c) => value - minus[c]!), true],
    ]
  })
  const rows: [string, string, number[] | null, boolean][] = [
    ['D^{+}', 'positive prediction', plus, false],
    ...terms,
    ['D', 'guided prediction', read(sample.guided.denoised), false],
  ]
  return (
    <table className="num text-hint">
      <caption className="pb-1 text-left text-muted">
        pixel {pixel.x}, {pixel.y} · s = {[settings, ...settings.stack].map(({ scale }) => plain(scale)).join(', ')}
      </caption>
      <thead className="sr-only">
        <tr>
          <th>term</th>
          <th>red</th>
          <th>green</th>
          <th>blue</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, label, values, withSign]) => (
          <tr key={name}>
            <th scope="row" className="pr-3 text-left font-normal">
              <span className="sr-only">{label}</span>
              <span aria-hidden>
                <Tex>{name}</Tex>
              </span>
            </th>
            {[0, 1, 2].map((c) => (
              <td key={c} className="w-14 text-right" translate="no">
                {values?.[c] === undefined ? '–' : withSign ? signed(values[c]) : fixed(values[c])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const pixel: Plot = { id: 'pixel', label: 'pixel', place: 0, about: null, needs: [], View: Values }
