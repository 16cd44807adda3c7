/** Builds the page with the imitation of the engine in the engine's place. */
import { build } from 'vite'

export async function buildFakeSite(directory: string): Promise<void> {
  await build({ mode: 'fake', logLevel: 'error', build: { outDir: directory, emptyOutDir: true, minify: false } })
}
