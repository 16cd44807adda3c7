/** What is dropped on the page or pasted into it: told apart here, read by `open.ts`. */
/** Whether text goes there by itself. */
const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null

const brings = (transfer: DataTransfer | null, kind: string) => transfer?.types.includes(kind) ?? false

/** A file or a text; or several files and folders, as a network with its weights comes. */
export type Brought = File | string | readonly (File | FileSystemEntry)[]

const given = (transfer: DataTransfer | null): Brought | null => {
  // They are gone once the event is over.
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? [])
  const files = [...(transfer?.files ?? [])]
  if (files.length > 1 || entries.some(({ isDirectory }) => isDirectory))
    return entries.length >= files.length ? entries : files
  return files[0] ?? (transfer?.getData('text/uri-list') || transfer?.getData('text/plain') || null)
}

/** Listens until the function that it returns is called; `over` is told whether something that can be opened is held over the page. */
export function listenForFiles(open: (brought: Brought) => void, over: (held: boolean) => void): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const wanted = (event: DragEvent) =>
    brings(event.dataTransfer, 'Files') || (brings(event.dataTransfer, 'text/uri-list') && !takesText(event.target))
  const drag = (event: DragEvent) => {
    if (!wanted(event)) return
    // Else the browser would open the file in the page's place.
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    over(true)
  }
  window.addEventListener('dragenter', drag, { signal })
  window.addEventListener('dragover', drag, { signal })
  window.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget === null && over(false), { signal })
  window.addEventListener(
    'drop',
    (event) => {
      over(false)
      // A room may have taken it.
      if (!wanted(event) || event.defaultPrevented) return
      event.preventDefault()
      const found = given(event.dataTransfer)
      if (found !== null) open(found)
    },
    { signal },
  )
  window.addEventListener(
    'paste',
    (event) => {
      if (takesText(event.target)) return
      const found = given(event.clipboardData)
      if (found !== null) open(found)
    },
    { signal },
  )
  return () => listening.abort()
}
