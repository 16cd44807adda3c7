/** The stored curves of a curve's settings, fetched once there is one. */
import { useEffect, useState } from 'react'
import type { Curve as Published } from '../../../../../evaluation/curves'
import type { Published as Row } from '../../../../../evaluation/published'
import type { ModelInfo } from '../../../../../model/types'
import type { Lab } from '../../lab'
import type { Curve } from './curve'
import { storedOf, type StoredPoint } from './stored'

interface Fetched {
  readonly model: ModelInfo
  readonly rows: readonly Row[]
  readonly curves: readonly Published[]
}

/** Of each line; null until it is known, and a family of which nothing was stored has none. */
export function useStored({ port }: Lab, curve: Curve | null): readonly (readonly StoredPoint[])[] | null {
  const model = curve?.model ?? null
  const [fetched, setFetched] = useState<Fetched | null>(null)
  useEffect(() => {
    if (!model) return
    let wanted = true
    const all = Promise.all([port.publishedOf(model), port.curvesOf(model)])
    all.then(
      ([rows, curves]) => wanted && setFetched({ model, rows, curves }),
      // What lies under the curve is no part of it.
      () => wanted && setFetched({ model, rows: [], curves: [] }),
    )
    return () => {
      wanted = false
    }
  }, [port, model])
  const [along, across] = curve?.axes ?? []
  if (!curve || !along || fetched?.model !== model || !fetched) return null
  return (across?.values ?? ['']).map((_, line) => {
    const place = curve.places.find(({ at, point }) => at[1] === line && point)
    return place?.point ? storedOf(fetched.rows, fetched.curves, place.point.settings, along.key) : []
  })
}
