/** How it is known which scale is best: what was measured at each that was tried, against the same noise without guidance. */
import { cardAddress } from '../../model/served'
import { usePage } from '../app/store'
import { fixed, plain, signed } from '../../core/format'
import { Hint } from '../kit/Hint'
import { Link } from '../kit/Link'
import type { Verdict } from '../method/measured'
import type { MeasuredScales, TriedScale } from './measured-scales'

const WORDS: Record<Verdict, string> = { helps: 'better', harms: 'worse', same: 'not told apart' }

interface RowProps {
  readonly tried: TriedScale
  readonly best: boolean
  readonly onTake: (scale: number) => void
}

function Row({ tried: { scale, images, against, verdict }, best, onTake }: RowProps) {
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1 text-left font-normal">
        <button
          type="button"
          className="link"
          translate="no"
          title={`Take s = ${plain(scale)}`}
          onClick={() => onTake(scale)}
        >
          {plain(scale)}
        </button>
      </th>
      <td className="py-1 text-right whitespace-nowrap" translate="no">
        {against && signed(against.value)}
        {against !== null && against.margin !== null && ` ± ${fixed(against.margin)}`}
      </td>
      <td className={`py-1 pl-3 ${best ? 'font-medium' : ''}`}>
        {best && verdict === 'helps' ? 'best' : WORDS[verdict]}
      </td>
      <td className="py-1 text-right text-muted" translate="no">
        {images.toLocaleString('en')}
      </td>
    </tr>
  )
}

interface ScaleTableProps {
  readonly measured: MeasuredScales
  readonly onTake: (scale: number) => void
}

export default function ScaleTable({ measured: { tried, best }, onTake }: ScaleTableProps) {
  const model = usePage((state) => state.model)
  return (
    <>
      <Hint className="mt-1.5 mb-2">
        How far the {model.judge?.metric ?? 'Fréchet distance'} of many images is from that of the same network and
        noise without guidance: below 0 is better. ± is a 95 % interval; where it holds 0, nothing can be told. Guidance
        overshoots where the pictures are worse with it than without.
      </Hint>
      <table data-part="scale-table" className="num w-full text-hint">
        <thead className="text-muted">
          <tr>
            <th className="py-1 text-left font-normal">s</th>
            <th className="py-1 text-right font-normal">difference</th>
            <th className="py-1 pl-3 text-left font-normal">than none</th>
            <th className="py-1 text-right font-normal">images</th>
          </tr>
        </thead>
        <tbody>
          {tried.map((one) => (
            <Row
              key={one.scale}
              tried={one}
              best={one === best && tried.some((other) => other !== one && other.scale * one.scale > 0)}
              onTake={onTake}
            />
          ))}
        </tbody>
      </table>
      <Hint className="mt-2">
        Between these scales, and beyond them, nothing was measured. More in the{' '}
        <Link href={cardAddress(model.id)}>model card</Link>.
      </Hint>
    </>
  )
}
