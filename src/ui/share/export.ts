/** A whole run as files that other programs open: every step as pictures, an animation, the tensors. Of the run on the stage. */
import { filmStrip } from '../../core/image'
import type { ModelInfo } from '../../model/types'
import { toPreset } from '../../settings'
import type { Rgb8 } from '../../storage/png'
import { PNG_KEY, withPngText } from '../../storage/png-text'
import { encodeApng } from '../../storage/apng'
import { encodePng } from '../../storage/write-png'
import { npzOfRun } from '../../storage/tensors'
import { zipped } from '../../storage/zip'
import type { Session } from '../app/session'
import { isWhole, pictureAt, ROLES, type Role, type Run, type View } from '../run/run'
import { download, fileName } from './share'

/** How long a step stands in an animation, and its end. */
const STEP_MILLISECONDS = 150
const END_MILLISECONDS = 2000
/** Pictures of an animation are at least as high. */
const HEIGHT = 192

/** A run, and how it is looked at. */
interface Subject {
  readonly run: Run
  readonly model: ModelInfo
  readonly view: View
  /** From the first step to σ = 0. */
  readonly frames: readonly number[]
}

/** One image at a frame, as values of a picture; null where the run has none of the role. */
function imageAt({ run, model, view }: Subject, frame: number, role: Role, index: number): Float32Array | null {
  const picture = pictureAt(run, frame / run.steps, index, role, view, model)
  if (!picture) return null
  return picture.gain === 1 ? picture.image : picture.image.map((value) => value * picture.gain)
}

/** Images side by side. */
function strip(images: readonly Float32Array[], { image }: ModelInfo): Rgb8 {
  return { width: image.width * images.length, height: image.height, data: filmStrip(images, image) }
}

/** All images of a role; none where the run lacks it. */
const imagesOf = (subject: Subject, frame: number, role: Role) =>
  Array.from({ length: subject.run.settings.samples }, (_, i) => imageAt(subject, frame, role, i)).flatMap(
    (image) => image ?? [],
  )

/** Below each other, each pixel as a square of so many. */
function enlarged(strips: readonly Rgb8[], times: number): Rgb8 {
  const width = (strips[0]?.width ?? 0) * times
  const height = strips.reduce((sum, one) => sum + one.height, 0) * times
  const data = new Uint8Array(3 * width * height)
  let top = 0
  for (const one of strips) {
    for (let y = 0; y < one.height * times; y++)
      for (let x = 0; x < width; x++) {
        const from = 3 * (Math.floor(y / times) * one.width + Math.floor(x / times))
        data.set(one.data.subarray(from, from + 3), 3 * ((top + y) * width + x))
      }
    top += one.height * times
  }
  return { width, height, data }
}

/** What is on the stage, as long as it went all the way; the noisy view only where its x were kept. */
async function subjectOf(session: Session): Promise<Subject | null> {
  const { run: stage, model, stage: seen } = session.store.getState()
  if (!stage.shown || !isWhole(stage.shown)) return null
  const run = (await stage.shown.whole?.()) ?? stage.shown
  const view: View = run.origin === 'stored' ? 'denoised' : seen.view
  return { run, model, view, frames: Array.from({ length: run.steps + 1 }, (_, frame) => frame) }
}

const settingsOf = (run: Run) => JSON.stringify(toPreset(run.settings))

/** PNGs of each picture at its own size, from the first step to the end, in a folder a picture. */
export async function saveSteps(session: Session): Promise<void> {
  const subject = await subjectOf(session)
  if (!subject) return
  const { run, model, frames } = subject
  const files: [string, Uint8Array][] = []
  for (const frame of frames)
    for (const role of ROLES) {
      const images = imagesOf(subject, frame, role)
      if (images.length === 0) continue
      const png = withPngText(await encodePng(strip(images, model)), PNG_KEY, settingsOf(run))
      files.push([`${role}/${String(frame).padStart(2, '0')}.png`, png])
    }
  const settings = new TextEncoder().encode(settingsOf(run))
  const zip = zipped({ ...Object.fromEntries(files), 'settings.json': settings })
  download(new Blob([zip], { type: 'application/zip' }), fileName(run.settings, model, 'zip'))
  session.say('Steps saved, a PNG each.')
}

/** The three pictures side by side, step by step; of several samples a row for each picture. */
export async function saveAnimation(session: Session): Promise<void> {
  const subject = await subjectOf(session)
  if (!subject) return
  const { run, model, frames } = subject
  const times = Math.max(1, Math.ceil(HEIGHT / model.image.height))
  const images = frames.map((frame) => {
    const rows = ROLES.map((role) => imagesOf(subject, frame, role)).filter((row) => row.length > 0)
    const beside = run.settings.samples === 1 ? [rows.flat()] : rows
    return enlarged(
      beside.map((row) => strip(row, model)),
      times,
    )
  })
  const animation = await encodeApng(
    images.map((image, i) => ({ image, milliseconds: i < run.steps ? STEP_MILLISECONDS : END_MILLISECONDS })),
  )
  const png = withPngText(animation, PNG_KEY, settingsOf(run))
  // Called image/apng, it would be renamed .apng by Firefox.
  download(new Blob([png], { type: 'image/png' }), fileName(run.settings, model, 'apng.png'))
  session.say('Animation saved, with its settings inside.')
}

/** Every tensor of the run, for NumPy. */
export async function saveTensors(session: Session): Promise<void> {
  const subject = await subjectOf(session)
  if (!subject?.run.final || subject.run.origin === 'stored') return
  const { settings, records, final } = subject.run
  const npz = npzOfRun({ settings, records, final }, subject.model.image)
  download(new Blob([npz], { type: 'application/zip' }), fileName(settings, subject.model, 'npz'))
  session.say('Tensors saved.')
}
