import { cpSync, createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import tailwindcss from '@tailwindcss/vite'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

const root = import.meta.dirname

/** Cross-origin isolation, which WASM threads need. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** Serves `models/<id>/<file>` as it stands (not the training recipes) and copies it into the build. */
function models(): Plugin {
  const shipped = (file: string) => /\.(json|onnx|bin|png|md)$/.test(file)
  return {
    name: 'models',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = /^\/models\/([\w-]+)\/([\w.-]+)$/.exec((request.url ?? '').split('?')[0] ?? '')
        const file = path && join(root, 'models', path[1]!, path[2]!)
        if (!file || !shipped(file) || !existsSync(file)) return next()
        response.setHeader('Content-Length', statSync(file).size)
        response.setHeader('Content-Type', file.endsWith('.json') ? 'application/json' : 'application/octet-stream')
        response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
        createReadStream(file).pipe(response)
      })
    },
    writeBundle(options) {
      for (const id of readdirSync(join(root, 'models'))) {
        for (const file of readdirSync(join(root, 'models', id)).filter(shipped)) {
          cpSync(join(root, 'models', id, file), join(options.dir ?? 'dist', 'models', id, file))
        }
      }
    },
  }
}

export default defineConfig({
  root,
  // Relative, so that the built site works from any sub-path.
  base: './',
  plugins: [react(), tailwindcss(), models()],
  worker: { format: 'es' },
  // ORT's own glue would start pthreads from our worker's chunk and run the application again in each of them.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
})
