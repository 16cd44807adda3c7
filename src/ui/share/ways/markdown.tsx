/** A line of Markdown: a link, or a picture that is one. */
import { useState } from 'react'
import { Flag } from '../../kit/Flag'
import { Hint } from '../../kit/Hint'
import { Beside } from '../Beside'
import { Copy } from '../Copy'
import { markdownText } from '../texts'
import type { ShareWay, WayProps } from '../way'

function Page({ shared }: WayProps) {
  const [pictured, setPictured] = useState(false)
  const picture = pictured ? shared.picture : null
  const seen = picture?.seen ?? <p className="link text-label text-positive">{shared.words}</p>
  return (
    <Beside preview="What readers see" seen={seen}>
      <Copy part="markdown" label="Markdown" text={markdownText(shared, picture)} rows={6} />
      {shared.picture && (
        <div className="mt-3">
          <Flag
            part="markdown-picture"
            label={shared.picture.label}
            help="The picture is a file that you put beside your text."
            value={picture !== null}
            onChange={setPictured}
          />
        </div>
      )}
      {picture && (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <button type="button" data-part="markdown-save" className="button" onClick={picture.save}>
            Save the picture
          </button>
          <Hint>{picture.file}</Hint>
        </div>
      )}
    </Beside>
  )
}

export const markdown: ShareWay = { id: 'markdown', label: 'Markdown', place: 3, takesView: true, Page }
