// A build plugin for imports of a file with `?parts` after its name: the addresses of pieces that make the file up when they are put one
// after the other. Static hosts take files of 25 MiB at most, and a runtime is larger.
// @ts-check
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Well under every host's limit. */
const LARGEST = 16 * 2 ** 20

/**
 * @returns {import('vite').Plugin}
 */
export function parts() {
  let building = false
  return {
    name: 'parts',
    enforce: 'pre',
    configResolved(config) {
      building = config.command === 'build'
    },
    async resolveId(id, importer) {
      if (!id.endsWith('?parts')) return null
      const found = await this.resolve(id.slice(0, -'?parts'.length), importer, { skipSelf: true })
      return found && `${found.id}?parts`
    },
    load(id) {
      if (!id.endsWith('?parts')) return null
      const file = id.slice(0, -'?parts'.length)
      if (!building) return `import url from ${JSON.stringify(`${file}?url`)}\nexport default [url]`
      const bytes = readFileSync(file)
      const count = Math.ceil(bytes.length / LARGEST)
      const references = Array.from({ length: count }, (_, i) => {
        const source = bytes.subarray(i * LARGEST, (i + 1) * LARGEST)
        return this.emitFile({ type: 'asset', name: `${basename(file)}.${i + 1}.bin`, source })
      })
      return `export default [${references.map((reference) => `import.meta.ROLLUP_FILE_URL_${reference}`).join(', ')}]`
    },
  }
}
