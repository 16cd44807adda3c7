/** The link itself. */
import { Beside } from '../Beside'
import { Copy } from '../Copy'
import { linkText } from '../texts'
import type { ShareWay, WayProps } from '../way'
import { useOpenedAt } from '../use-opened-at'

/** The system's own way to other applications, where there is one. */
function Send({ link, words }: { readonly link: string; readonly words: string }) {
  if (!('share' in navigator)) return null
  // It ends with an error where the person closes it.
  const send = () =>
    void navigator.share({ title: 'Guidance Playground', text: words, url: link }).catch(() => undefined)
  return (
    <button type="button" data-part="send-link" className="button" onClick={send}>
      Send…
    </button>
  )
}

function Page({ shared }: WayProps) {
  const text = linkText(shared)
  const { view, at } = useOpenedAt(shared.view)
  return (
    <Beside preview="What it opens" seen={<shared.Card words={shared.words} view={view} at={at} />}>
      <Copy part="link" label="The link" text={text} rows={4}>
        <Send link={text} words={shared.words} />
      </Copy>
    </Beside>
  )
}

export const link: ShareWay = { id: 'link', label: 'Link', place: 1, takesView: true, Page }
