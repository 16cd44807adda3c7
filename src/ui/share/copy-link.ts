/** Copies the link of what is wanted. The only part of the page that touches the clipboard. */
import type { Session } from '../app/session'

export async function copyLink(session: Pick<Session, 'link' | 'say'>): Promise<void> {
  const link = session.link()
  try {
    await navigator.clipboard.writeText(link)
    session.say('Link copied.')
  } catch {
    session.say('The browser does not allow copying; the link is in the address bar.')
  }
}
