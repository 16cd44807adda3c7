/** The measured curve that a drawn one is laid beside: of the lesson itself, or of a family's evaluation by its name. */
import { useEffect, useState } from 'react'
import type { Ask, Point } from '../../../lesson'
import { messageOf } from '../../../core/failure'
import { linkModel } from '../../../settings'
import { withoutRoom } from '../../rooms/rooms'

export type Measured =
  | { readonly kind: 'loading' }
  | { readonly kind: 'points'; readonly points: readonly Point[] }
  | { readonly kind: 'failed'; readonly message: string }

const xOf = (x: unknown, at: number) => (typeof x === 'number' ? x : x === 'inf' ? null : at)

/** Rejects with a sentence. */
async function fetched(name: string): Promise<readonly Point[]> {
  const { models, curvesOf, publishedOf } = (await import('../../app/engine-port')).openPort()
  const id = linkModel(withoutRoom(window.location.hash), models)
  const model = models.find((each) => each.id === id)
  if (!model) throw new Error(`There is no family of networks “${id}” here.`)
  const curve = (await curvesOf(model)).find((each) => each.name === name)
  const row = curve ? undefined : (await publishedOf(model)).find((each) => each.name === name)
  const all = curve
    ? curve.points.map(({ x, frechet }, at) => [xOf(x, at), frechet.value] as const)
    : (row?.scales.map(({ scale, frechet }) => [scale, frechet.value] as const) ?? [])
  const points = all.flatMap(([x, y]): Point[] => (x === null ? [] : [[x, y]]))
  if (points.length < 2) throw new Error(`Nothing named “${name}” was measured of ${model.name}.`)
  return points
}

export function useMeasured({ measured }: Extract<Ask, { readonly kind: 'curve' }>): Measured {
  const [found, setFound] = useState<Measured>({ kind: 'loading' })
  useEffect(() => {
    if (typeof measured !== 'string') return undefined
    let wanted = true
    fetched(measured).then(
      (points) => wanted && setFound({ kind: 'points', points }),
      (error: unknown) => wanted && setFound({ kind: 'failed', message: messageOf(error) }),
    )
    return () => void (wanted = false)
  }, [measured])
  return typeof measured === 'string' ? found : { kind: 'points', points: measured }
}
