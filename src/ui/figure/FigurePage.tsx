/** Makes a still figure: what changes, its pictures drawn in the background, how it looks, and the file. */
import { useState } from 'react'
import {
  alongChoices,
  MOST_BYTES,
  rangeValues,
  settingsAt,
  startOf,
  USUAL_COUNT,
  type Along,
  type Range,
} from '../../figure'
import { usePage, useWanted } from '../app/store'
import { Hint } from '../kit/Hint'
import { Progress } from '../kit/Progress'
import { Segments } from '../kit/Segments'
import { download } from '../share/share'
import { Preview } from './Preview'
import { RangeFields } from './Range'
import { attempt, useFigure } from './use-figure'

const THEMES = [
  { value: 'auto', label: 'as the reader’s' },
  { value: 'light', label: 'light' },
  { value: 'dark', label: 'dark' },
] as const

/** Where a range begins: as far as the slider goes. */
const rangeOf = (along: Along): Range =>
  along.kind === 'numbers' ? { from: along.from, to: along.to, count: USUAL_COUNT } : { from: 0, to: 0, count: 0 }

/** What is asked for, once each value is one that runs. */
function useAsked() {
  const model = usePage((state) => state.model)
  const settings = useWanted((own) => own)
  const choices = alongChoices(settings, model).filter(({ fetches }) => !fetches)
  const [key, setKey] = useState(choices[0]?.key)
  const along = choices.find((one) => one.key === key) ?? choices[0]!
  const [range, setRange] = useState(rangeOf(along))
  const asked = attempt(() => {
    const values = along.kind === 'numbers' ? rangeValues(along, range) : along.values
    return values.map((value) => ({ value, settings: settingsAt(along.key, value, settings, model) }))
  })
  const onAlong = (next: Along) => {
    setKey(next.key)
    setRange(rangeOf(next))
  }
  const values = asked.value?.map(({ value }) => value) ?? []
  const start = startOf(along, values, settings)
  return { model, fields: { choices, along, range, onAlong, onRange: setRange }, asked, start }
}

function Save({ figure, html, inTheme }: Ready & Pick<ReturnType<typeof useFigure>, 'inTheme'>) {
  const { along, stops, theme } = figure
  const save = () => {
    const name = `figure-${stops[0]?.settings.method ?? ''}-by-${along.key}.html`
    download(new Blob([html], { type: 'text/html' }), name)
  }
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3">
      <button type="button" data-part="save-figure" className="button" onClick={save}>
        Save the figure (HTML, {Math.round(html.length / 1000)} kB)
      </button>
      <div className="flex items-center gap-2">
        <span className="text-label text-muted">Colours</span>
        <Segments
          part="figure-theme"
          label="Colours of the figure"
          value={theme}
          options={THEMES}
          onChange={(value) => {
            const chosen = THEMES.find((one) => one.value === value)
            if (chosen) void inTheme(chosen.value)
          }}
        />
      </div>
    </div>
  )
}

type Ready = Pick<Extract<ReturnType<typeof useFigure>['progress'], { kind: 'ready' }>, 'figure' | 'html'>

/** `page`: the address of the live page, without what stands behind its `#`. */
export default function FigurePage({ page }: { readonly page: string }) {
  const { model, fields, asked, start } = useAsked()
  const { progress, begin, stop, inTheme } = useFigure()
  const ready = usePage((state) => state.engine.status.kind === 'ready')
  const busy = usePage((state) => state.run.coming !== null)
  const { along } = fields
  return (
    <div data-part="figure">
      <Hint className="mb-3 max-w-xl">
        {`Pictures at each value of one setting in one HTML file of less than ${MOST_BYTES / 1000} kB, with a slider, for a web page or slides. It needs no connection and computes nothing.`}
      </Hint>
      <RangeFields {...fields} />
      <div className="mt-3 flex items-center gap-3">
        {progress.kind === 'drawing' ? (
          <button type="button" data-part="stop-figure" className="button" onClick={stop}>
            Stop drawing
          </button>
        ) : (
          <button
            type="button"
            data-part="draw-figure"
            className="button"
            disabled={!ready || asked.value === null}
            onClick={() => asked.value && void begin({ model, along, asked: asked.value, start, page })}
          >
            Draw its pictures{asked.value && ` (${asked.value.length})`}
          </button>
        )}
        {progress.kind === 'drawing' && (
          <div className="w-56">
            <Hint part="figure-progress" figures>
              {`${progress.done} of ${progress.total} drawn${busy ? ', waits for the pictures of the page' : ''}`}
            </Hint>
            <Progress label="Drawing the figure" done={progress.done} total={progress.total} />
          </div>
        )}
      </div>
      <p role="status" className="mt-2 max-w-xl text-label text-alert">
        {asked.why ?? (progress.kind === 'failed' ? progress.why : null)}
      </p>
      {progress.kind === 'ready' && (
        <>
          <div className="mt-4 max-w-xl">
            <Preview figure={progress.figure} />
          </div>
          <Save {...progress} inTheme={inTheme} />
        </>
      )}
    </div>
  )
}
