/** A frame for another page with the plane in it: the points and their scale, or all that is measured and set beside them. */
import { useState } from 'react'
import type { PartName } from '../../../settings/view'
import { Segments } from '../../kit/Segments'
import { Copy } from '../../share/Copy'
import { EmbedPreview } from '../../share/EmbedPreview'
import { EMBED_HEIGHT, embedLink, iframeText } from '../../share/texts'
import type { ShareWay, WayProps } from '../../share/way'

const POINTS: readonly PartName[] = ['sentence', 'scale', 'pictures', 'axis']

const SHOWN = [
  { value: 'points', label: 'the points' },
  { value: 'all', label: 'all of it' },
]

function Page({ shared }: WayProps) {
  const [shown, setShown] = useState('points')
  const [height, setHeight] = useState(EMBED_HEIGHT)
  const parts = { show: shown === 'points' ? POINTS : null, hide: [], lock: [] }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Segments part="embed-shown" label="It shows" value={shown} options={SHOWN} onChange={setShown} />
      <Copy part="embed" label="HTML" text={iframeText(shared, parts, height)} rows={9} />
      <EmbedPreview link={embedLink(shared, parts)} onHeight={setHeight} />
    </div>
  )
}

export const planeEmbed: ShareWay = { id: 'embed', label: 'Embed', place: 2, takesView: true, Page }
