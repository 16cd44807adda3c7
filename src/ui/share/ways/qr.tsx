/** A code that a phone's camera opens. */
import { useMemo } from 'react'
import { encodePng } from '../../../storage/write-png'
import { Hint } from '../../kit/Hint'
import { qrOf, qrPicture, qrSvg, type QrCode } from '../qr'
import { download } from '../share'
import { linkText } from '../texts'
import type { ShareWay, WayProps } from '../way'

const NAME = 'guidance-playground-qr'

function Files({ code }: { readonly code: QrCode }) {
  const savePng = async () => {
    const png = await encodePng(qrPicture(code))
    download(new Blob([png], { type: 'image/png' }), `${NAME}.png`)
  }
  const saveSvg = () => download(new Blob([qrSvg(code)], { type: 'image/svg+xml' }), `${NAME}.svg`)
  return (
    <div className="flex flex-wrap gap-2">
      <button type="button" data-part="save-qr-png" className="button" onClick={() => void savePng()}>
        Save PNG
      </button>
      <button type="button" data-part="save-qr-svg" className="button" onClick={saveSvg}>
        Save SVG
      </button>
    </div>
  )
}

/** Dark on white in either theme: many cameras read nothing else. */
function Page({ shared }: WayProps) {
  const link = linkText(shared)
  const code = useMemo(() => qrOf(link), [link])
  if (!code) return <p role="alert">{`The link has ${link.length} characters, which is more than a QR code holds.`}</p>
  const side = code.modules.length
  return (
    <div className="flex flex-wrap items-start gap-5">
      <svg
        data-part="qr"
        role="img"
        aria-label="QR code of the link"
        viewBox={`0 0 ${side} ${side}`}
        shapeRendering="crispEdges"
        className="drawn w-full max-w-80 rounded-sm border border-line bg-white text-black"
      >
        <path fill="currentColor" d={code.path} />
      </svg>
      <div className="flex max-w-60 flex-col gap-3">
        <p className="text-label">Point a phone’s camera at it: the page opens with what is set here.</p>
        <Hint>{`${shared.words}. On a projector, make it as high as the wall allows: it has ${side - 8} × ${side - 8} squares.`}</Hint>
        <Files code={code} />
      </div>
    </div>
  )
}

export const qr: ShareWay = { id: 'qr', label: 'QR code', place: 4, takesView: true, Page }
