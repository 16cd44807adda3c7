/** The measured curve that a drawn one is laid beside: of the lesson itself, or of a family's evaluation by its name. */
import { useEffect, useState } from 'react'
import { byAsMany, type Ask, type Point } from '../../../lesson'
import { messageOf } from '../../../core/failure'
import { linkModel, withoutRoom } from '../../../settings'

export type Measured =
  | { readonly kind: 'loading' }
  | { readonly kind: 'points'; readonly points: readonly Point[] }
  | { readonly kind: 'failed'; readonly message: string }

const xOf = (x: unknown, at: number) => (typeof x === 'number' ? x : x === 'inf' ? null : at)

/** Of the family that the address names. Rejects with a sentence. */
async function fetched(name: string, address: string): Promise<readonly Point[]> {
  const { models, curvesOf, publishedOf } = (await import('../../app/engine-port')).openPort()
  const id = linkModel(address, models)
  const model = models.find((each) => each.id === id)
  if (!model) throw new Error(`There is no family of networks “${id}” here.`)
  const curve = (await curvesOf(model)).find((each) => each.name === name)
  const row = curve ? undefined : (await publishedOf(model)).find((each) => each.name === name)
  const all = curve
    ? curve.points.map(({ x, frechet }, at) => [xOf(x, at), frechet.value] as const)
    : byAsMany(row?.scales ?? []).map(({ scale, frechet }) => [scale, frechet.value] as const)
  const points = all.flatMap(([x, y]): Point[] => (x === null ? [] : [[x, y]]))
  if (points.length < 2) throw new Error(`Nothing named “${name}” was measured of ${model.name}.`)
  return points
}

/** `preset`: the settings of the step, where they are not in the address. */
export function useMeasured({ measured }: Extract<Ask, { readonly kind: 'curve' }>, preset: string | null): Measured {
  const [found, setFound] = useState<{ readonly of: unknown; readonly result: Measured } | null>(null)
  useEffect(() => {
    if (typeof measured !== 'string') return undefined
    let wanted = true
    const tell = (result: Measured) => wanted && setFound({ of: measured, result })
    fetched(measured, preset === null ? withoutRoom(window.location.hash) : `#${preset}`).then(
      (points) => tell({ kind: 'points', points }),
      (error: unknown) => tell({ kind: 'failed', message: messageOf(error) }),
    )
    return () => void (wanted = false)
  }, [measured, preset])
  if (typeof measured !== 'string') return { kind: 'points', points: measured }
  return found?.of === measured ? found.result : { kind: 'loading' }
}
