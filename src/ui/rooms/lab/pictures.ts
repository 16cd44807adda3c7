/** Pictures that the lab drew, as they are kept: by what made them, so that another grid which has the same cell finds it. */
import * as v from 'valibot'
import type { ModelInfo } from '../../../model/types'
import { sha256 } from '../../../storage/sha256'
import type { Kept, LabStorage } from '../../../storage/lab'
import type { Engine } from '../../../worker/protocol'

const side = v.pipe(v.number(), v.integer(), v.minValue(1))

export interface LabPicture {
  /** As it is seen: of a model of latents that has a decoder, decoded. */
  readonly image: Float32Array
  readonly height: number
  readonly width: number
  /** SHA-256 (hex) of the sample's float32 bytes. */
  readonly digest: string
}

const schema = v.object({
  image: v.instance(Float32Array),
  height: side,
  width: side,
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
}) satisfies v.GenericSchema<unknown, LabPicture>

/** What a sample looks like. */
export async function pictureOf(
  sample: Float32Array,
  { image, latent }: ModelInfo,
  engine: Pick<Engine, 'decode'>,
): Promise<LabPicture> {
  const digest = await sha256(new Uint8Array(new Float32Array(sample).buffer))
  if (!latent?.decoder) return { image: sample, height: image.height, width: image.width, digest }
  const [decoded] = await engine.decode([sample])
  if (!decoded) throw new Error('The decoder left a picture out.')
  return { ...decoded, digest }
}

/** Those that are kept, by id; what is damaged is as good as missing. */
export async function keptPictures(
  storage: LabStorage,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LabPicture>> {
  const kept = await Promise.all(ids.map((id) => storage.get('pictures', id)))
  return new Map(
    kept.flatMap((entry): [string, LabPicture][] => {
      const read = entry && v.safeParse(schema, entry.value)
      return read?.success && read.output.image.length % (read.output.height * read.output.width) === 0
        ? [[entry!.id, read.output]]
        : []
    }),
  )
}

/** As they are kept. */
export function pictureEntries(pictures: ReadonlyMap<string, LabPicture>): readonly Kept[] {
  const made = Date.now()
  return [...pictures].map(([id, value]) => ({ id, made, value }))
}
