/** The lessons that come with the page, fetched where they are listed. */
import { useEffect, useState } from 'react'
import { parseListed, type ListedLesson } from '../../lesson/listed'

export type Listing =
  | { readonly kind: 'loading' }
  | { readonly kind: 'listed'; readonly lessons: readonly ListedLesson[] }
  | { readonly kind: 'failed' }

async function fetched(): Promise<Listing> {
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}lessons/index.json`)
    return { kind: 'listed', lessons: parseListed(await answer.json()) }
  } catch {
    return { kind: 'failed' }
  }
}

export function useListing() {
  const [listing, setListing] = useState<Listing>({ kind: 'loading' })
  useEffect(() => void fetched().then(setListing), [])
  const again = () => {
    setListing({ kind: 'loading' })
    void fetched().then(setListing)
  }
  return { listing, again }
}

/** None until the list is there, or where it can't be fetched. */
export function useListed(): readonly ListedLesson[] {
  const { listing } = useListing()
  return listing.kind === 'listed' ? listing.lessons : []
}
