/** A worker of the room: the plane and its networks, asked for one thing at a time. */
import { messageOf } from '../../../core/failure'
import { runCloud } from '../../../plane/cloud'
import { errorMaps } from '../../../plane/errors'
import { differenceAt } from '../../../plane/field'
import { linesAt } from '../../../plane/ground'
import { measure, seenOf } from '../../../plane/measures'
import { openPlane } from '../../../plane/plane'
import { TrajectoryCache } from '../../../sampling/cache'
import mixtureFile from '../../../../models/plane/mixture.json'
import networksFile from '../../../../models/plane/networks.json'
import weightsFile from '../../../../models/plane/weights.json'
import type { Done, JobName, Jobs, Reply, Request } from './messages'

const { mixture, truth, model, denoiser } = openPlane(mixtureFile, networksFile, weightsFile)
const cache = new TrajectoryCache()

type Work = { readonly [K in JobName]: (asked: Jobs[K]['asked']) => Jobs[K]['answer'] | Promise<Jobs[K]['answer']> }

const WORK: Work = {
  walk: async ({ settings, first, rows }) => {
    const begun = performance.now()
    const cloud = await runCloud({
      denoiser,
      settings: { ...settings, image: settings.image + first },
      alone: ['positive', 'negative'],
      points: rows * denoiser.imagesPerRow,
      cache,
    })
    return { ...cloud, milliseconds: performance.now() - begun }
  },
  measure: ({ ends, label }) => {
    const of = (points: Float32Array | null) => points && measure(points, label, mixture, truth)
    return { positive: of(ends.positive), negative: of(ends.negative), guided: of(ends.guided) }
  },
  see: async ({ settings, first, rows }) => {
    const { paths } = await runCloud({
      denoiser,
      settings: { ...settings, image: settings.image + first },
      alone: [],
      points: rows * denoiser.imagesPerRow,
    })
    const ends = paths.guided!.at(-1)!
    return { ends, ...seenOf(ends, settings.class, mixture) }
  },
  lines: ({ sigma, label }) => linesAt(sigma, label, mixture, model.dataDeviation),
  field: ({ settings, step, x }) => differenceAt(x, step, settings, denoiser),
  errors: ({ sigma, label, side }) => errorMaps(sigma, label, side, denoiser, mixture),
}

const reply = (message: Reply) => self.postMessage(message)

async function answer<K extends JobName>({ id, job, asked }: Request<K>): Promise<Done<K>> {
  const work: Work[K] = WORK[job]
  return { id, kind: 'done', job, answer: await work(asked) }
}

self.addEventListener('message', (event: MessageEvent<Request>) => {
  answer(event.data).then(reply, (error: unknown) =>
    reply({ id: event.data.id, kind: 'failed', job: event.data.job, why: messageOf(error) }),
  )
})
