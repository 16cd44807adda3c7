/** The worker's side of the engine, with onnxruntime-node on the tiny model in place of a browser's runtime. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { startingFiles } from '../../src/engine/recipe'
import { parseManifest } from '../../src/model/manifest'
import { LatentDecoder } from '../../src/engine/latent-decoder'
import { OnnxDenoiser } from '../../src/engine/onnx-denoiser'
import type { Runtime } from '../../src/engine/runtime'
import { OnnxVision } from '../../src/engine/vision'
import { Judge } from '../../src/evaluation/judge'
import { defaultSettings } from '../../src/settings'
import type { Settings } from '../../src/settings/types'
import type { Backend } from '../../src/worker/backend'
import { WorkerEngine } from '../../src/worker/engine/worker-engine'
import type { Reply } from '../../src/worker/messages'

const folder = join(import.meta.dirname, '../../models/tiny')
export const file = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
export const model = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
export const load = {
  kind: 'load',
  networks: 160 * 2 ** 20,
  model,
  files: Object.fromEntries(startingFiles(model).map((entry) => [entry.file, file(entry.file)])),
} as const
export const settings: Settings = { ...defaultSettings(model), steps: 5 }

export interface Hooks {
  readonly beforeRun?: (run: number) => void
  readonly lost?: Promise<never>
  readonly open?: () => Promise<never>
  readonly rest?: () => Promise<void>
  readonly tune?: NonNullable<Backend['tune']>
}

export function scene({ beforeRun, lost, open, tune, rest = () => new Promise(() => {}) }: Hooks = {}) {
  const replies: Reply[] = []
  let runs = 0
  const backend: Backend = {
    id: 'wasm',
    label: 'Test',
    threads: 1,
    lost: lost ?? null,
    ...(tune && { tune }),
    createDenoiser: ({ onRun, ...request }) =>
      new OnnxDenoiser({
        ...request,
        runtime: ort as unknown as Runtime,
        sessionOptions: { intraOpNumThreads: 1 },
        batch: { kind: 'dynamic' },
        maxRows: 8,
        runSession: async (session, feeds) => {
          onRun()
          runs += 1
          beforeRun?.(runs - 1)
          return (await session.run(feeds)) as Awaited<
            ReturnType<NonNullable<ConstructorParameters<typeof OnnxDenoiser>[0]['runSession']>>
          >
        },
      }),
    createDecoder: (request) => LatentDecoder.create({ ...request, runtime: ort as unknown as Runtime }),
    createVision: (request) => OnnxVision.create({ ...request, runtime: ort as unknown as Runtime }),
    createJudge: (files) =>
      Judge.load({ ...files, runtime: ort as unknown as Runtime, sessionOptions: { intraOpNumThreads: 1 } }),
  }
  const host = new WorkerEngine({
    post: (reply) => replies.push(reply),
    open: open ?? (async () => backend),
    yieldToMessages: () => new Promise((resolve) => setImmediate(resolve)),
    rest,
    now: () => performance.now(),
  })
  const kinds = () => replies.map(({ kind }) => kind)
  const started = async () => {
    await host.handle({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false })
    await host.handle(load)
  }
  return { host, replies, kinds, started, runs: () => runs }
}
