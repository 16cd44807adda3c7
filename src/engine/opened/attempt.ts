/** A description tried: what noise becomes by it, before anything is found or proved. */
import { parseManifest } from '../../model/manifest'
import { serializeModel } from '../../network/onnx'
import { OnnxDenoiser } from '../onnx-denoiser'
import { ready, type BroughtFiles } from './brought'
import { embeddingsOf, type OpenOptions } from './bench'
import { denoisedAtThreeLevels, type Denoised } from './trial'

/** Noise denoised at three noise levels, high to low, by the description alone. Rejects as `openModel` does. */
export async function tryDescription(
  brought: BroughtFiles,
  manifest: Readonly<Record<string, unknown>>,
  { runtime, sessionOptions, onProgress }: Omit<OpenOptions, 'hash'>,
): Promise<readonly Denoised[]> {
  const told = parseManifest(manifest)
  const { model, weights } = ready(brought)
  const embeddings = embeddingsOf(told, brought)
  const denoiser = new OnnxDenoiser({
    model: { ...told, layers: [] },
    graph: serializeModel(model),
    weights,
    ...(embeddings && { embeddings }),
    runtime,
    ...(sessionOptions && { sessionOptions }),
    batch: { kind: 'dynamic' },
    maxRows: 1,
  })
  try {
    return await denoisedAtThreeLevels(denoiser, (done, total) => onProgress?.(done, total, 'denoising'))
  } finally {
    await denoiser.dispose()
  }
}
