/** A line of Markdown: a link, or a picture that is one. */
import { useState } from 'react'
import { usePage, useSession, useShown, useWanted } from '../../app/store'
import { Flag } from '../../kit/Flag'
import { Hint } from '../../kit/Hint'
import { describe } from '../../run/describe'
import { isWhole } from '../../run/run'
import { Beside } from '../Beside'
import { Card } from '../Card'
import { Copy } from '../Copy'
import { fileName, savePng } from '../share'
import { markdownText } from '../texts'
import type { ShareWay, WayProps } from '../way'

/** Reads both: the picture that is saved is the one on the stage, and is named and described as such. */
function Page({ shared }: WayProps) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const wanted = useWanted((settings) => settings)
  const run = useShown((shown) => (shown && isWhole(shown) ? shown : null))
  const [pictured, setPictured] = useState(false)
  const file = fileName(run?.settings ?? wanted, model, 'png')
  const picture = pictured && run ? { file, alt: describe(run, model) } : null
  const seen = picture ? (
    <Card words={shared.words} view={[]} at={1} />
  ) : (
    <p className="link text-label text-positive">{shared.words}</p>
  )
  return (
    <Beside preview="What readers see" seen={seen}>
      <Copy part="markdown" label="Markdown" text={markdownText(shared, picture)} rows={6} />
      <div className="mt-3">
        <Flag
          part="markdown-picture"
          label="With the three pictures"
          help="The picture is a file that you put beside your text."
          value={picture !== null}
          onChange={setPictured}
        />
      </div>
      {picture && (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <button type="button" data-part="markdown-save" className="button" onClick={() => void savePng(session)}>
            Save the picture
          </button>
          <Hint>{file}</Hint>
        </div>
      )}
    </Beside>
  )
}

export const markdown: ShareWay = { id: 'markdown', label: 'Markdown', place: 3, takesView: true, Page }
