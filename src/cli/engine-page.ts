/** Builds a page with the engine in it that is no part of the site: the benchmark's, and the one of the engine's tests. */
import { build, defaultClientConditions } from 'vite'
import { parts } from './parts.mjs'

export interface EnginePage {
  /** Folder of the page's `index.html`. */
  readonly root: string
  /** Where the built page goes; what is there is removed. */
  readonly directory: string
  /** As small as the site is; else quick to build. */
  readonly minify: boolean
}

export async function buildEnginePage({ root, directory, minify }: EnginePage): Promise<void> {
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    publicDir: false,
    plugins: [parts()],
    worker: { format: 'es', plugins: () => [parts()] },
    // As in the site: ORT's glue stays a file of its own.
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
    build: {
      target: 'es2022',
      outDir: directory,
      emptyOutDir: true,
      ...(!minify && { minify: false }),
      reportCompressedSize: false,
      chunkSizeWarningLimit: 10_000,
    },
  })
}
