/** `npm run -s sample -- --preset FILE_OR_LINK --out DIR [--tensors]`: the page's engine on the command line. */
import { loadNamedModel } from './node-model'
import { HELP, readArguments } from './sample/arguments'
import { draw } from './sample/draw'
import { makeFolder, rowsOf, writePictures, writeRun, writeTensors } from './sample/write'
import { runCommand } from './usage'

/** The command's output. Rejects with UsageError for wrong arguments, and with what goes wrong on the way. */
export async function sampleCommand(argv: readonly string[]): Promise<string> {
  const args = readArguments(argv)
  if (!args) return HELP
  const { source, out } = args
  const begun = performance.now()
  const loaded = await loadNamedModel(source.model, { threads: args.threads })
  try {
    const { model } = loaded
    const settings = source.settings(model)
    makeFolder(out)
    const loadMilliseconds = performance.now() - begun
    const drawn = await draw(loaded, settings)
    await writePictures(out, drawn, settings, loaded)
    writeRun(out, drawn, settings, model, loadMilliseconds)
    if (args.tensors) writeTensors(out, drawn, settings, model)
    const { method, scale } = settings
    return `${out}: ${method}, s ${scale}, ${rowsOf(drawn)} rows in ${Math.round(drawn.milliseconds)} ms`
  } finally {
    await loaded.dispose()
  }
}

if (process.argv[1]?.endsWith('sample.ts')) await runCommand(sampleCommand)
