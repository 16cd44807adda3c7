/** Addresses of models as people type them, and of what may lie beside a graph. Pure. */

/** The address of a file's bytes, or why there is none, in a sentence. */
export type Typed =
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'fault'; readonly why: string }

const fault = (why: string): Typed => ({ kind: 'fault', why })

/** Pages that show a file, and where its bytes are. */
function bytesOf(url: URL): URL {
  if (/(^|\.)huggingface\.co$/.test(url.hostname)) url.pathname = url.pathname.replace(/\/blob\//, '/resolve/')
  const shown = /^\/([^/]+\/[^/]+)\/(?:blob|raw)\/(.+)$/.exec(url.pathname)
  return url.hostname === 'github.com' && shown
    ? new URL(`https://raw.githubusercontent.com/${shown[1]}/${shown[2]}`)
    : url
}

/** `own`: this page's address, whose server may be asked without encryption. */
export function typedAddress(text: string, own: string): Typed {
  const typed = text.trim()
  let url: URL
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(typed) || typed.startsWith('/') ? typed : `https://${typed}`, own)
  } catch {
    return fault('This is no address. Type one such as https://example.org/model.onnx.')
  }
  if (url.protocol !== 'https:' && url.origin !== new URL(own).origin)
    return fault(
      'Only addresses that begin with https:// can be asked from here. Download the file yourself, and drop it here.',
    )
  if (url.username !== '' || url.password !== '')
    return fault(
      'The address has a name or password in it, which is not sent from here. Download the file yourself, and drop it here.',
    )
  const bytes = bytesOf(url)
  bytes.hash = ''
  if (!/\.onnx$/i.test(bytes.pathname))
    return fault(
      'The address is not that of an .onnx file. Open the repository’s list of files, and copy the link of the graph itself.',
    )
  return { kind: 'address', url: bytes.href }
}

/** As a folder has it that the graph's folder is in: what lies in another folder of it keeps that folder. */
function pathOf(url: string, graph: string): string {
  const root = new URL('..', graph).pathname
  const { pathname } = new URL(url)
  return decodeURIComponent(pathname.startsWith(root) ? pathname.slice(root.length) : pathname.slice(1))
}

export interface Beside {
  readonly url: string
  readonly path: string
}

const besideAt = (at: string, graph: string): Beside => {
  // A query, such as one that asks for a download, is for every file of it.
  const url = new URL(at, graph)
  url.search = new URL(graph).search
  return { url: url.href, path: pathOf(url.href, graph) }
}

export const graphAt = (graph: string): Beside => ({ url: graph, path: pathOf(graph, graph) })

/** Where descriptions lie, as diffusers and this page save them. */
const DESCRIPTIONS = [
  'config.json',
  'manifest.json',
  'scheduler_config.json',
  '../scheduler/scheduler_config.json',
  'model_index.json',
  '../model_index.json',
]

export const descriptionsAt = (graph: string): readonly Beside[] => DESCRIPTIONS.map((at) => besideAt(at, graph))

/** A file of weights by the location that the graph has for it; null for one that leads elsewhere. */
export function weightsAt(location: string, graph: string): Beside | null {
  const parts = location.replace(/^\.\//, '').split('/')
  if (parts.some((part) => part === '' || part === '..')) return null
  return besideAt(parts.map(encodeURIComponent).join('/'), graph)
}
