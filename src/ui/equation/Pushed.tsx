/** What one negative adds to the equation, in pictures: + s · (D⁺ − D⁻) with D⁻. */
import { useMemo } from 'react'
import { meanDifference } from '../../core/image'
import type { TermRecord } from '../../sampling/records'
import { usePage } from '../app/store'
import { addend, fixed, plain } from '../../core/format'
import { useTheme } from '../app/theme'
import { divergingGradient, signedLimit, signedPixels } from '../stage/pixels'
import { Operator, PictureTerm, ProbedPicture, usePixels } from './PictureTerm'

interface PushedProps {
  readonly positive: Float32Array
  readonly term: TermRecord
  readonly scale: number
  /** Name of the combiner that combines, where it is not plain addition. */
  readonly combiner?: string | null
  /** Index in LaTeX where there are several, as `_2`. */
  readonly mark: string
  readonly meant: boolean
}

export function Pushed({ positive, term, scale, combiner = null, mark, meant }: PushedProps) {
  const theme = useTheme()
  const size = usePage((state) => state.model.image)
  const difference = useMemo(() => {
    if (!term.predictionNegative) return null
    const values = meanDifference(positive, term.predictionNegative, size)
    const limit = signedLimit(values)
    return { pixels: signedPixels(values, limit, theme), limit }
  }, [positive, term, size, theme])
  const minus = usePixels(term.predictionNegative)
  return (
    <>
      <Operator>
        <span>
          <span translate="no">{`${addend(scale, plain)} ·`}</span>
          {combiner && <span className="block text-hint text-muted">{`${combiner} of`}</span>}
        </span>
      </Operator>
      <PictureTerm
        name={`D^{+} - D^{-}${mark}`}
        note={difference && <span translate="no">{`±${fixed(difference.limit)}`}</span>}
        scale={divergingGradient(theme)}
        meant={meant && difference !== null}
      >
        <ProbedPicture pixels={difference?.pixels ?? null} />
      </PictureTerm>
      <Operator>
        <span className="text-hint text-muted">with</span>
      </Operator>
      <PictureTerm name={`D^{-}${mark}`} note={mark ? '' : 'negative'}>
        <ProbedPicture pixels={minus} />
      </PictureTerm>
    </>
  )
}
