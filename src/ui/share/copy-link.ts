/** Copies links and texts. The only part of the page that touches the clipboard. */
import type { Session } from '../app/session'

/** Whether the browser let it be copied. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** The link of what is wanted. */
export async function copyLink(session: Pick<Session, 'link' | 'say'>): Promise<void> {
  const copied = await copyText(session.link())
  session.say(copied ? 'Link copied.' : 'The browser does not allow copying; the link is in the address bar.')
}
