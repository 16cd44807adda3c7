/** The embed as it will be, alive: it is the page itself in a frame, which brings an engine of its own. */
import { useEffect, useRef, useState } from 'react'
import { useMedia } from '../app/theme'
import { TYPE } from '../embed/protocol'
import { EMBED_HEIGHT } from './texts'

interface PreviewProps {
  readonly link: string
  readonly onHeight: (height: number) => void
}

/** The height that a message of the embed tells, or null. */
function heightOf(data: unknown): number | null {
  if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== TYPE) return null
  return 'height' in data && typeof data.height === 'number' ? Math.ceil(data.height) : null
}

function Frame({ link, onHeight }: PreviewProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [first] = useState(link)
  const [height, setHeight] = useState(EMBED_HEIGHT)
  useEffect(() => {
    const heard = ({ source, data }: MessageEvent<unknown>) => {
      const told = source === frame.current?.contentWindow ? heightOf(data) : null
      if (told === null) return
      setHeight(told)
      onHeight(told)
    }
    window.addEventListener('message', heard)
    return () => window.removeEventListener('message', heard)
  }, [onHeight])
  // Replaced, so that Back does not walk through what was tried.
  useEffect(() => {
    if (link !== first) frame.current?.contentWindow?.location.replace(link)
  }, [link, first])
  return (
    <iframe
      ref={frame}
      data-part="embed-preview"
      title="The embed as it will be"
      src={first}
      height={height}
      // A border would take its lines from the height that the embed asked for.
      className="w-full rounded-md shadow-[0_0_0_1px_var(--line)]"
    />
  )
}

export function EmbedPreview(props: PreviewProps) {
  const wide = useMedia('(min-width: 40rem)')
  const [asked, setAsked] = useState(false)
  if (wide || asked) return <Frame {...props} />
  return (
    <button type="button" data-part="embed-show" className="button self-start" onClick={() => setAsked(true)}>
      Show how it will look
    </button>
  )
}
