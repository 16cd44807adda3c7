/** A frame for another page: what it shows and holds, how it looks, and the text that puts it there. */
import { useState } from 'react'
import { Hint } from '../../kit/Hint'
import { Link } from '../../kit/Link'
import { Segments } from '../../kit/Segments'
import { Copy } from '../Copy'
import { EmbedPreview } from '../EmbedPreview'
import { PartsList } from '../PartsList'
import { FIRST_TICKS, partsOf } from '../parts-choice'
import { EMBED_HEIGHT, elementText, embedLink, iframeText } from '../texts'
import type { ShareWay, WayProps } from '../way'

const KINDS = [
  { value: 'iframe', label: 'iframe' },
  { value: 'element', label: 'element' },
]

const HELP = {
  iframe: 'Goes into any page that takes HTML. It stays as high as it is here.',
  element: 'Grows with what it shows, and your page can set it and hear of changes.',
}

function Page({ shared }: WayProps) {
  const [ticks, setTicks] = useState(FIRST_TICKS)
  const [kind, setKind] = useState<'iframe' | 'element'>('iframe')
  const [height, setHeight] = useState(EMBED_HEIGHT)
  const parts = partsOf(ticks)
  const text = kind === 'iframe' ? iframeText(shared, parts, height) : elementText(shared, parts)
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-[15rem_minmax(0,1fr)]">
      <PartsList ticks={ticks} onChange={setTicks} />
      <div className="flex min-w-0 flex-col gap-3">
        <EmbedPreview link={embedLink(shared, parts)} onHeight={setHeight} />
        <div className="flex flex-wrap items-center gap-3">
          <Segments
            part="embed-kind"
            label="As"
            value={kind}
            options={KINDS}
            onChange={(value) => setKind(value === 'element' ? 'element' : 'iframe')}
          />
          <Hint className="min-w-0 flex-1">
            {HELP[kind]} <Link href={new URL('embed-example.html', shared.page).href}>An example</Link>
          </Hint>
        </div>
        <Copy part="embed" label="HTML" text={text} rows={9} />
      </div>
    </div>
  )
}

export const embed: ShareWay = { id: 'embed', label: 'Embed', place: 2, takesView: true, Page }
