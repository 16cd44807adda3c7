/** Assembles `src/plane/kernel.wat` into `kernel.generated.ts`; a part of `npm run registries`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'

const FOLDER = join(import.meta.dirname, '../plane')
export const GENERATED = join(FOLDER, 'kernel.generated.ts')

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

if (process.argv[1]?.endsWith('kernel.ts')) writeFileSync(GENERATED, await kernelFile())
