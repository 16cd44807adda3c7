/** Builds the page with the imitation of the engine in the engine's place. */
import { build } from 'vite'

/** `react`: which of its versions; that for development complains of more, and takes a fifth more time. */
export async function buildFakeSite(directory: string, react: 'production' | 'development'): Promise<void> {
  // Vite decides by it, and a test runner has set it.
  const { NODE_ENV } = process.env
  process.env['NODE_ENV'] = react
  try {
    await build({ mode: 'fake', logLevel: 'error', build: { outDir: directory, emptyOutDir: true, minify: false } })
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = NODE_ENV
  }
}
