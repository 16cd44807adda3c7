/** The site itself: which version of it this page is, and whether the host has another by now. */

/** The version that the build gave this page; null in development. */
export function siteVersion(): string | null {
  return document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content ?? null
}

/** The address of a file whose name stays while its content changes: where it is kept, this page's version of it is given. */
export function ofThisVersion(address: string): string {
  const version = siteVersion()
  return version === null ? address : `${address}?v=${version}`
}

/** What the host has by now in this page's place: the same, another version of it, or no answer. */
export async function hostState(): Promise<'same' | 'other' | 'unreachable'> {
  const version = siteVersion()
  try {
    // By its other name, so that it is no visit.
    const response = await fetch(new URL('index.html', document.baseURI), { cache: 'no-store' })
    const other = /<meta name="version" content="(\w+)"/.exec(response.ok ? await response.text() : '')?.[1]
    return version === null || other === undefined || other === version ? 'same' : 'other'
  } catch {
    return 'unreachable'
  }
}

/** Whether the host has another version of the page than this one. False where that can't be learnt. */
export const hasNewVersion = async (): Promise<boolean> => (await hostState()) === 'other'
