/** Builds the engine's test page. */
import { join } from 'node:path'
import { build, defaultClientConditions } from 'vite'

/** Builds the page (a second or two). */
export async function buildLab(directory: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    base: './',
    logLevel: 'error',
    publicDir: false,
    worker: { format: 'es' },
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
    build: {
      target: 'es2022',
      outDir: directory,
      emptyOutDir: true,
      minify: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 10_000,
    },
  })
}
