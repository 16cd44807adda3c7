/** The files that a person brought of a network, by name alone: which are graphs, which describe it, and where its weights are. Pure. */

/** A file with its path inside what was brought, folders parted by `/`. */
export interface BroughtFile {
  readonly path: string
  readonly file: File
}

type Named = Pick<BroughtFile, 'path'>

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

export const isGraph = ({ path }: Named): boolean => /\.onnx$/i.test(path)
export const isConfig = ({ path }: Named): boolean => /\.json$/i.test(path)

export const isEmbeddings = ({ path }: Named): boolean => /\.safetensors$/i.test(path)

/** Parts of a pipeline that are no denoiser. */
const OTHER_PART = /(?:^|[/_.-])(?:vae|text|tokenizer|safety|decoder|encoder|clip|image_encoder)/i
const DENOISER = /(?:unet|transformer|denois|model|dit|edm|ddpm)/i

/** A second network that is worse on purpose, where its file or folder is called so. */
export const isWeak = ({ path }: Named): boolean => /(?:^|[/_. -])weak(?=[/_. -])/i.test(path)

/** Graphs, the one that looks most like a network to be opened first. */
export function graphsOf<F extends Named>(files: readonly F[]): readonly F[] {
  const rank = ({ path }: Named) => (OTHER_PART.test(path) ? 3 : isWeak({ path }) ? 2 : DENOISER.test(path) ? 0 : 1)
  return files.filter(isGraph).sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1))
}

/** What exporters call every network. */
const GENERIC = /^(?:model|unet|transformer|denoiser|diffusion_pytorch_model|network|)$/i

/** By the file, or by the folders that it is in where those say more. */
export function nameOf(path: string): string {
  const parts = path.replace(/\.onnx$/i, '').split('/')
  return [...parts].reverse().find((part) => !GENERIC.test(part)) ?? baseName(path).replace(/\.onnx$/i, '')
}

/** The file that a graph means by a location of its weights: beside it, else anywhere of that name; null where it was not brought. */
export function dataOf<F extends Named>(location: string, graph: string, files: readonly F[]): F | null {
  const beside = `${folderOf(graph)}${location.replace(/^\.\//, '')}`
  return (
    files.find(({ path }) => path === beside) ?? files.find(({ path }) => baseName(path) === baseName(location)) ?? null
  )
}

/** Whether a file is of a network by its name: it then is opened as one, wherever it was dropped. `wanted`: names that one lacks. */
export function isOfModel(name: string, wanted: ReadonlySet<string> = new Set()): boolean {
  return (
    /\.onnx(?:[._]?data)?$|\.safetensors$/i.test(name) ||
    /^(?:config|scheduler_config|model_index|manifest)(?: ?\(\d+\))?\.json$/i.test(name) ||
    wanted.has(name)
  )
}

/** What comes later takes the place of a file of the same path. */
export function joined<F extends Named>(before: readonly F[], now: readonly F[]): readonly F[] {
  const kept = before.filter(({ path }) => now.every((one) => one.path !== path))
  return [...kept, ...now]
}
