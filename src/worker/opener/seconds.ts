/** Which graphs among the files are second networks beside the one that is opened. */
import type { ModelFile } from '../../model/types'
import { sha256Now } from '../../storage/sha256-now'
import type { Source } from './brought'
import { parseModel } from '../../network/onnx'
import { weightLocations } from '../../network/weights'
import { type BroughtFile, dataOf, folderOf, graphsOf, isConfig, isEmbeddings, isGraph, isWeak } from './files'
import { read } from './reading'

/** Paths of graphs that a manifest lists as second networks (`named`, whatever they are called now), and of those that are called weak. */
export async function secondsOf({ files, graph }: Source, named: readonly ModelFile[]): Promise<readonly string[]> {
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

/** A file of weights alone, whatever it is called, under the name that the graph has for its own. Throws GraphError for what is no graph. */
export async function withItsWeights({ files, graph }: Source): Promise<readonly BroughtFile[]> {
  const found = files.find(({ path }) => path === graph)
  const others = files.filter((file) => !isGraph(file) && !isConfig(file) && !isEmbeddings(file))
  if (!found || others.length !== 1) return files
  const [location, ...more] = weightLocations(parseModel(await read(found, () => undefined)))
  if (location === undefined || more.length > 0 || dataOf(location, graph, files)) return files
  return files.map((file) => (file === others[0] ? { ...file, path: `${folderOf(graph)}${location}` } : file))
}
