/** A vision transformer of the reader's own for SAG's mask "DINO": where the model has none, or to try another. */
import { useRef } from 'react'
import { needsVision } from '../../guidance/index'
import { usePage, useSession, useWanted } from '../app/store'
import { FileInput } from '../kit/FileInput'
import { Hint } from '../kit/Hint'

export function VisionFile() {
  const session = useSession()
  const input = useRef<HTMLInputElement>(null)
  const wanted = useWanted((settings) => [settings, ...settings.stack].some(needsVision))
  const own = usePage((state) => state.network.vision)
  const shipped = usePage((state) => state.network.shippedVision)
  const problem = usePage((state) => state.network.visionProblem)
  if (!wanted) return null
  return (
    <div>
      <div className="flex items-center justify-between gap-3 text-label">
        <span className="min-w-0 truncate">{own ?? (shipped ? 'The model’s own' : 'None yet')}</span>
        <span className="flex shrink-0 gap-1">
          {own !== null && (
            <button type="button" className="button quiet h-7" onClick={() => void session.useVision(null)}>
              Remove
            </button>
          )}
          <button type="button" className="button h-7" onClick={() => input.current?.click()}>
            Open ONNX file…
          </button>
        </span>
      </div>
      <Hint className="mt-1">
        It takes <code>image</code>, float32 [rows, 3, height, width] in [−1, 1], and gives <code>saliency</code> [rows,
        patch rows, patch columns]. It stays on this computer, and until this page is left.
      </Hint>
      <p role="alert" className="mt-1 border-l-2 border-alert pl-2 text-hint empty:hidden">
        {problem}
      </p>
      <FileInput
        ref={input}
        part="vision-file"
        accept=".onnx"
        label="Vision transformer, ONNX file"
        onFile={(file) => void session.useVision(file)}
      />
    </div>
  )
}
