/** The address of a section of the article's room: `#room=article&section=3&…`. Pure. */
import { linkParts, withoutRoom } from '../../../settings'
import { roomAddress } from '../rooms'

const ROOM = 'article'

/** What the address says beside room and section: the settings to come back to, without `#`. */
export function restOf(hash: string): string {
  return withoutRoom(hash)
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('section='))
    .join('&')
}

/** The number of the section that is asked for, or null. */
export function sectionOf(hash: string): number | null {
  const { section } = linkParts(hash)
  return section !== undefined && /^\d{1,3}$/.test(section) ? Number(section) : null
}

export function sectionAddress(order: number, hash: string): string {
  return roomAddress(ROOM, [`section=${order}`, restOf(hash)].filter((part) => part !== '').join('&'))
}
