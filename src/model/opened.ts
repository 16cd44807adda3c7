/** Ids of models that a person opened from files: a name to read, and the beginning of the SHA-256 of the files, which is what counts. */

const OPENED = /^(.*)_([0-9a-f]{16})$/
const LONGEST_NAME = 32

/** A name as an id may have it. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'model' : plain
}

/** `sha256`: of the files, in hexadecimal. */
export function openedId(name: string, sha256: string): string {
  return `${slug(name)}_${sha256.slice(0, 16)}`
}

/** What the id of an opened model says; null for one that the page was built with. */
export function openedParts(id: string): { readonly name: string; readonly hash: string } | null {
  const [, name, hash] = OPENED.exec(id) ?? []
  return name === undefined || hash === undefined ? null : { name, hash }
}

/** Whether what a link or a preset calls a model is the one of this id: the same file, whatever its reader has called it. */
export function meansModel(said: unknown, id: string): boolean {
  if (said === id) return true
  const wanted = typeof said === 'string' ? openedParts(said) : null
  return wanted !== null && wanted.hash === openedParts(id)?.hash
}

/** What to say of a model, or a network beside one, that was opened elsewhere and is not here; null for the id of another kind. */
export function absentModel(said: unknown): string | null {
  const parts = typeof said === 'string' ? openedParts(said) : null
  return (
    parts &&
    `This needs the model file “${parts.name}” (its SHA-256 begins ${parts.hash}), which is not in this browser: drop it here, or choose it in Explore → Open a model, and it opens with these settings.`
  )
}
