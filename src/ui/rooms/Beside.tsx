/** What the playground does with its session and every other room has from here: files and links are opened, a new version is told of. */
import { useCallback, useState } from 'react'
import { messageOf } from '../../core/failure'
import { useServed } from '../embed/use-served'
import { NewVersion, Refusal } from '../notices/Told'
import DropZone from '../share/DropZone'
import type { Brought } from '../share/dropping'
import { usePageView } from '../view/Part'

interface BesideProps {
  readonly room: string
  readonly newVersion: boolean
}

export default function Beside({ room, newVersion }: BesideProps) {
  useServed(room)
  const embed = usePageView((view) => view.embed)
  const [refusal, setRefusal] = useState<string | null>(null)
  const open = useCallback((brought: Brought) => {
    import('./elsewhere')
      .then(({ openElsewhere }) => openElsewhere(brought, setRefusal))
      .catch((error: unknown) => setRefusal(messageOf(error)))
  }, [])
  return (
    <>
      <div
        role="alert"
        className="sticky top-0 z-30 flex flex-col gap-2 border-b border-line bg-bg px-3 py-3 empty:hidden sm:px-6 print:hidden"
      >
        {newVersion && <NewVersion />}
        {refusal !== null && <Refusal why={refusal} onDismiss={() => setRefusal(null)} />}
      </div>
      {!embed && <DropZone open={open} />}
    </>
  )
}
