/** A still figure on its way: asked for, drawn in the background, written as a file. */
import { useEffect, useRef, useState } from 'react'
import { figureHtml, FigureError, type Along, type Figure, type FigureTheme } from '../../figure'
import { messageOf } from '../../core/failure'
import type { ModelInfo } from '../../model/types'
import { useSession } from '../app/store'
import { drawStops, type Asked } from './draw'

export type Progress =
  | { readonly kind: 'none' }
  | { readonly kind: 'drawing'; readonly done: number; readonly total: number }
  | { readonly kind: 'ready'; readonly figure: Figure; readonly html: string }
  | { readonly kind: 'failed'; readonly why: string }

export interface Wanted {
  readonly model: ModelInfo
  readonly along: Along
  readonly asked: readonly Asked[]
  readonly start: number
  readonly page: string
}

export function useFigure() {
  const session = useSession()
  const [progress, setProgress] = useState<Progress>({ kind: 'none' })
  const drawing = useRef<AbortController | null>(null)
  useEffect(() => () => drawing.current?.abort(), [])

  const stop = () => {
    drawing.current?.abort()
    setProgress({ kind: 'none' })
  }
  const begin = async ({ model, along, asked, start, page }: Wanted) => {
    drawing.current?.abort()
    const ended = new AbortController()
    drawing.current = ended
    const { signal } = ended
    const say = (next: Progress) => {
      if (!signal.aborted) setProgress(next)
    }
    try {
      const onProgress = (done: number, total: number) => say({ kind: 'drawing', done, total })
      const stops = await drawStops({ draw: session.draw, asked, signal, onProgress })
      const figure: Figure = { model, along, stops, start, page, theme: 'auto', title: null }
      say({ kind: 'ready', figure, html: await figureHtml(figure) })
    } catch (error) {
      say({ kind: 'failed', why: messageOf(error) })
    }
  }
  /** The same pictures in other colours. */
  const inTheme = async (theme: FigureTheme) => {
    if (progress.kind !== 'ready') return
    const figure = { ...progress.figure, theme }
    setProgress({ kind: 'ready', figure, html: await figureHtml(figure) })
  }
  return { progress, begin, stop, inTheme }
}

/** What a person wants, or why it can't be. */
export function attempt<T>(
  of: () => T,
): { readonly value: T; readonly why: null } | { readonly value: null; readonly why: string } {
  try {
    return { value: of(), why: null }
  } catch (error) {
    if (error instanceof FigureError) return { value: null, why: error.message }
    throw error
  }
}
