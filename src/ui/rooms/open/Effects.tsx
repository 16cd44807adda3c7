/** Which layers? What PAG does at each of them at three noise levels: how much, where in the picture, in which frequencies. */
import { useMemo } from 'react'
import type { LayerMap, LayerPush } from '../../../evaluation/layers/map'
import { suggestLayers } from '../../../evaluation/layers/suggestion'
import type { OpenedModel } from '../../../worker/opener/messages'
import { Progress } from '../../kit/Progress'
import { Layer } from '../../stage/Layer'
import type { Opening } from './contract'
import { percentText } from './words'
import { type OpenState, valueOf } from './state'

interface Props {
  readonly opening: Opening
  readonly state: OpenState
  readonly opened: OpenedModel
}

const BAND_NAMES = ['shapes of the whole picture', 'large shapes', 'small shapes', 'details']

/** A blue that is seen on light and on dark, the more the more of it there is. */
function cells({ shares }: LayerPush['where']): Uint8ClampedArray<ArrayBuffer> {
  const most = Math.max(...shares, Number.MIN_VALUE)
  const out = new Uint8ClampedArray(4 * shares.length)
  for (const [i, share] of shares.entries()) out.set([56, 128, 204, (255 * share) / most], 4 * i)
  return out
}

/** Where in the picture: stronger cells have more of it. */
function Where({ push: { where } }: { readonly push: LayerPush }) {
  const pixels = useMemo(() => cells(where), [where])
  return (
    <span aria-hidden className="relative block size-9 shrink-0 overflow-hidden bg-sunken">
      <Layer pixels={pixels} size={where} smooth={false} />
    </span>
  )
}

/** In which frequencies, coarse to fine: parts of one bar. */
function Bands({ bands }: Pick<LayerPush, 'bands'>) {
  const text = bands.map((share, i) => `${percentText(share)} ${BAND_NAMES[i] ?? ''}`).join(', ')
  return (
    <span role="img" aria-label={text} title={text} className="mt-1 flex h-1.5 w-16">
      {bands.map((share, i) => (
        <span
          key={BAND_NAMES[i]}
          className="h-full bg-ink"
          style={{ width: `${100 * share}%`, opacity: 0.25 + (0.75 * i) / Math.max(1, bands.length - 1) }}
        />
      ))}
    </span>
  )
}

function Push({ push }: { readonly push: LayerPush }) {
  return (
    <span className="flex items-center gap-2">
      <Where push={push} />
      <span>
        <span className="num block">{percentText(push.size)}</span>
        <Bands bands={push.bands} />
      </span>
    </span>
  )
}

function Table({ map, opened }: { readonly map: LayerMap } & Pick<Props, 'opened'>) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="What PAG does at each layer">
      <table data-part="effects" className="mt-2 w-full max-w-[46rem] text-label">
        <thead className="text-hint text-muted">
          <tr>
            <th scope="col" className="py-1 pr-4 text-left font-normal">
              PAG at
            </th>
            {map.levels.map((sigma) => (
              <th key={sigma} scope="col" className="num py-1 pr-4 text-left font-normal">
                σ {Number(sigma.toPrecision(2))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {opened.model.layers.map(({ index, name }) => (
            <tr key={index} className="border-t border-line">
              <th scope="row" className="min-w-32 py-1.5 pr-4 text-left font-normal">
                <span className="num text-muted">{index}</span> {name}
              </th>
              {map.layers[index]!.map((push, level) => (
                <td key={map.levels[level]} className="py-1.5 pr-4">
                  <Push push={push} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Mapped({ map, opened }: { readonly map: LayerMap } & Pick<Props, 'opened'>) {
  const { layers } = opened.model
  const suggestion = useMemo(() => suggestLayers(map, layers), [map, layers])
  return (
    <>
      <p data-part="suggestion" className="mt-1 max-w-[46rem] text-label">
        {suggestion ? (
          <>
            <span className="font-medium">
              Begin with {suggestion.layers.length === layers.length ? 'all of them' : suggestion.layers.join(', ')}:
            </span>{' '}
            {suggestion.reason}
          </>
        ) : (
          'PAG does nothing at any layer.'
        )}
      </p>
      <Table map={map} opened={opened} />
      <p className="mt-1 max-w-[46rem] text-hint text-muted">
        How far the prediction moves, as a share of it; where in the picture (stronger: more); and in which frequencies
        (from shapes of the whole picture, pale, to details). Summed over two images on their way without guidance.
      </p>
    </>
  )
}

export function Effects({ opening, state, opened }: Props) {
  const { mapping } = state
  const map = valueOf(mapping)
  if (opened.model.layers.length === 0) return null
  return (
    <section aria-labelledby="which-layers" className="mt-5" data-part="which-layers">
      <h3 id="which-layers" className="font-medium">
        Which layers?
      </h3>
      {mapping.kind === 'none' && (
        <p className="mt-1 text-label text-muted">
          What PAG does at each can be tried here.{' '}
          <button type="button" className="link" data-part="map-layers" onClick={opening.map}>
            Try each layer
          </button>
        </p>
      )}
      {mapping.kind === 'working' && (
        <div className="mt-1 flex max-w-md items-end gap-3 text-label text-muted">
          <div className="flex-1">
            {mapping.what === '' ? 'Loading the network…' : mapping.what}
            <Progress label="Trying PAG at each layer" done={mapping.done} total={mapping.total} />
          </div>
          <button type="button" className="button" onClick={opening.stop}>
            Stop
          </button>
        </div>
      )}
      {mapping.kind === 'failed' && (
        <p role="alert" className="mt-1 text-label text-alert">
          {mapping.why}{' '}
          <button type="button" className="link" onClick={opening.map}>
            Try again
          </button>
        </p>
      )}
      {map && <Mapped map={map} opened={opened} />}
    </section>
  )
}
