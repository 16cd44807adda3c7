/** What paper shows in the controls' place: the settings of the pictures in words, and the link that brings them back. */
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { encodeLink } from '../../settings'
import { usePage, useShownSettings } from '../app/store'
import { settingsLines } from '../../settings/lines'

function Sheet() {
  const settings = useShownSettings((own) => own)
  const model = usePage((state) => state.model)
  const link = `${window.location.href.replace(/#.*$/, '')}#${encodeLink(settings, model)}`
  return (
    <section data-part="paper" className="hidden border-t border-line px-3 pt-3 text-label sm:px-6 print:block">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {settingsLines(settings, model).map(({ name, words }, at) => (
          // Lines never change places.
          <div key={at} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="num">{words.join(' · ')}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 break-all">
        <a href={link}>{link}</a>
      </p>
    </section>
  )
}

/** There while it is printed only, so that no drag draws it. */
export default function Paper() {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const ended = new AbortController()
    const { signal } = ended
    // The browser lays out what stands there as the event ends.
    window.addEventListener('beforeprint', () => flushSync(() => setPrinting(true)), { signal })
    window.addEventListener('afterprint', () => setPrinting(false), { signal })
    return () => ended.abort()
  }, [])
  return printing && <Sheet />
}
