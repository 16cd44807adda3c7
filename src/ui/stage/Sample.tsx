/** One image of a panel, with what is laid above it; of several, a click makes one the large one, which the page looks at. */
import { usePage, useSession, useShown } from '../app/store'
import type { Role } from '../run/run'
import { Picture } from './Picture'
import { useSamplePixels } from './sample-pixels'

export function Sample({ role, index }: { readonly role: Role; readonly index: number }) {
  const session = useSession()
  const size = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  const focused = usePage((state) => state.stage.focus === index)
  const many = useShown((run, { stage }) => !stage.large && (run?.settings.samples ?? 1) > 1)
  const { pixels, drawn, overlay } = useSamplePixels(role, index)
  const picture = (
    <Picture
      pixels={pixels}
      overlay={overlay}
      size={size}
      drawn={drawn}
      pixel={pixel}
      onPixel={(next) => session.set({ stage: { pixel: next } })}
    />
  )
  if (!many) return picture
  return (
    <button
      type="button"
      aria-label={`Sample ${index + 1}, ${role}: make it the large one`}
      aria-current={focused}
      tabIndex={role === 'positive' ? 0 : -1}
      className="relative block w-full cursor-zoom-in print:block!"
      onClick={() => session.set({ stage: { focus: index, large: true } })}
    >
      {picture}
      {focused && (
        <span className="pointer-events-none absolute inset-0 border-2 border-ink outline-1 -outline-offset-3 outline-bg" />
      )}
    </button>
  )
}
