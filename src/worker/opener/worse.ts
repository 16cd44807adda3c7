/** Which graphs among the files are second networks beside the one that is opened. */
import type { ModelFile } from '../../model/types'
import { sha256Now } from '../../storage/sha256-now'
import type { Source } from './brought'
import { parseModel } from '../../network/onnx'
import { weightLocations } from '../../network/weights'
import {
  baseName,
  type BroughtFile,
  dataOf,
  folderOf,
  graphsOf,
  isConfig,
  isEmbeddings,
  isGraph,
  isWeak,
  nameOf,
} from './files'
import { read } from './reading'

/** Paths of graphs that a manifest lists as second networks (`named`, whatever they are called now), and of those that are called weak. */
export async function worseAmong({ files, graph }: Source, named: readonly ModelFile[]): Promise<readonly string[]> {
  const others = graphsOf(files).filter(({ path }) => path !== graph)
  const found: string[] = []
  for (const one of others) {
    const alike = named.filter(({ bytes }) => bytes === one.file.size)
    const listed =
      alike.length > 0 && alike.map(({ sha256 }) => sha256).includes(sha256Now(await read(one, () => undefined)))
    if (listed || isWeak(one)) found.push(one.path)
  }
  return found
}

interface Weighed {
  readonly files: readonly BroughtFile[]
  /** What the network is called: of a file of weights alone by that, since its graph is another's, too. */
  readonly name: string
}

/** A file of weights alone, whatever it is called, under the name that the graph has for its own. Throws GraphError for what is no graph. */
export async function withItsWeights({ files, graph }: Source): Promise<Weighed> {
  const name = nameOf(graph)
  const found = files.find(({ path }) => path === graph)
  const [only, ...others] = files.filter((file) => !isGraph(file) && !isConfig(file) && !isEmbeddings(file))
  if (!found || !only || others.length > 0) return { files, name }
  const [location, ...more] = weightLocations(parseModel(await read(found, () => undefined)))
  if (location === undefined || more.length > 0 || dataOf(location, graph, files)) return { files, name }
  const renamed = { ...only, path: `${folderOf(graph)}${location}` }
  return { files: files.map((file) => (file === only ? renamed : file)), name: baseName(only.path) }
}
