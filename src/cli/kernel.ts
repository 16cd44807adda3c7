/** Assembles the WebAssembly of the plane and of the network runner into their `kernel.generated.ts`; a part of `npm run registries`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'
import { assemble } from './kernels'

const FOLDER = join(import.meta.dirname, '../plane')
export const GENERATED = join(FOLDER, 'kernel.generated.ts')
export const RUNNER_GENERATED = join(import.meta.dirname, '../runner/kernels/kernel.generated.ts')

/** The module as base64, in the file that the page reads. */
export async function kernelFile(): Promise<string> {
  const { parseWat } = await wabt()
  const module = parseWat('kernel.wat', readFileSync(join(FOLDER, 'kernel.wat')), { simd: true })
  try {
    module.validate()
    const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64')
    return `// Made by \`npm run registries\` of kernel.wat.\n// prettier-ignore\nexport const KERNEL =\n  '${base64}'\n`
  } finally {
    module.destroy()
  }
}

/** Both modules of the runner's kernels, in hexadecimal: packed for the way that is a third less than base64, whose digits do not fall on bytes. */
export async function runnerFile(): Promise<string> {
  const [plain, relaxed] = [await assemble(false), await assemble(true)].map((bytes) =>
    Buffer.from(bytes).toString('hex'),
  )
  return `// Made by \`npm run registries\` of src/cli/kernels.\nexport const PLAIN =\n  '${plain}'\nexport const RELAXED =\n  '${relaxed}'\n`
}

if (process.argv[1]?.endsWith('kernel.ts')) {
  writeFileSync(GENERATED, await kernelFile())
  writeFileSync(RUNNER_GENERATED, await runnerFile())
}
