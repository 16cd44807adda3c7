/** Sharing, saving and opening: links, pictures, settings, and on a phone what the bar has no room for. */
import { useRef, useState } from 'react'
import { useSession } from '../app/store'
import { Dropdown } from '../kit/dropdown'
import { FileInput } from '../kit/FileInput'
import { Later } from '../kit/Later'

/** What is shared, saved and opened is asked for long after the first pictures. */
const loadDialog = () => import('../share/ShareDialog')
const loadFiles = () => import('./FilesMenu')

export function ShareMenu() {
  const session = useSession()
  const file = useRef<HTMLInputElement>(null)
  const [sharing, setSharing] = useState(false)
  const share = () => setSharing(true)
  const open = () => file.current?.click()
  return (
    <>
      <button
        type="button"
        data-part="to-share"
        aria-haspopup="dialog"
        className="button max-sm:hidden"
        onPointerEnter={() => void loadDialog().catch(() => undefined)}
        onClick={share}
      >
        Share
      </button>
      {sharing && <Later load={loadDialog} props={{ onClose: () => setSharing(false) }} />}
      <Dropdown
        load={loadFiles}
        opens="menu"
        props={{ part: 'files', className: 'button', face: 'Save and open', share, open }}
      />
      <FileInput
        ref={file}
        part="open-file"
        accept=".json,.png,.txt,.onnx,application/json,image/*,text/plain"
        label="Open settings"
        onFile={(chosen) => void import('../share/open').then(({ openBrought }) => openBrought(session, chosen))}
      />
    </>
  )
}
