/** Writes a graph where a person wants it, once it is shown to give what the file that it was made of gives. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DataLocation, serializeModel, type ModelProto } from '../../network/onnx'
import { attachWeights, type Weights } from '../../network/weights'
import { UsageError } from '../usage'

/** Protocol buffers end at 2 GiB. */
const MOST_INSIDE = 2 ** 31 - 2 ** 24

/** Bytes of a graph without those of weights outside. */
const insideBytes = ({ graph }: ModelProto) =>
  graph!.initializer.reduce((total, { rawData }) => total + rawData.byteLength, 0)

/** Puts the weights inside, or into a file beside it where that is too much; the bytes of that file, or null. */
function place(model: ModelProto, weights: Weights, name: string): Uint8Array | null {
  if (insideBytes(model) + weights.data.byteLength < MOST_INSIDE) {
    attachWeights(model, weights, 'inline')
    return null
  }
  for (const { dataLocation, externalData } of model.graph!.initializer) {
    if (dataLocation !== DataLocation.EXTERNAL) continue
    for (const entry of externalData) if (entry.key === 'location') entry.value = `${name}.data`
  }
  return weights.data
}

/** A write that Node's own function refuses above 2 GiB. */
const PIECE = 2 ** 30

function writeWhole(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w')
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, Math.min(PIECE, bytes.length - at))
  } finally {
    closeSync(file)
  }
}

/** Throws UsageError where nothing can be written there. */
export function checkTarget(out: string, input: string): void {
  const folder = dirname(out)
  if (existsSync(out) && statSync(out).isDirectory())
    throw new UsageError(`${out} is a folder; name a file for the result`)
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw new UsageError(`${folder} is no folder`)
  if (existsSync(out) && existsSync(input) && statSync(out).ino === statSync(input).ino)
    throw new UsageError(`${out} is the file that is read; name another for the result`)
}

/** Writes it beside its place, lets `prove` look at it, and puts it there. The files that were written. */
export async function writeProved<Proof>(
  out: string,
  model: ModelProto,
  weights: Weights,
  prove: (path: string) => Promise<Proof>,
): Promise<{ readonly files: readonly string[]; readonly proof: Proof }> {
  const [folder, name] = [dirname(out), basename(out)]
  mkdirSync(folder, { recursive: true })
  const unproved = mkdtempSync(join(folder, '.unproved-'))
  try {
    const data = place(model, weights, name)
    writeWhole(join(unproved, name), serializeModel(model))
    if (data) writeWhole(join(unproved, `${name}.data`), data)
    const proof = await prove(join(unproved, name))
    const files = data ? [`${name}.data`, name] : [name]
    for (const file of files) renameSync(join(unproved, file), join(folder, file))
    return { files: files.map((file) => join(folder, file)), proof }
  } finally {
    rmSync(unproved, { recursive: true, force: true })
  }
}
