/** What a room without a port of its own lets the page around an embed see and do: its address is read, and changed. */
import { withoutRoom } from '../../settings'
import type { EmbedPort } from './desk'
import { goTo, type GoingWindow } from './going'

export interface AddressPortWindow extends GoingWindow {
  addEventListener(type: 'popstate' | 'hashchange', listener: () => void): void
  removeEventListener(type: 'popstate' | 'hashchange', listener: () => void): void
}

export function createAddressPort(room: string, window: AddressPortWindow): EmbedPort {
  return {
    state: () => ({
      room,
      link: `room=${room}&${withoutRoom(window.location.hash).slice(1)}`,
      settings: null,
      at: null,
      drawn: true,
      notes: [],
    }),
    set: ({ link, settings, at }) => {
      if (link === undefined && (settings !== undefined || at !== undefined))
        return `The room “${room}” is set by a link only.`
      return link === undefined ? null : goTo(window, link)
    },
    image: () => Promise.reject(new Error(`The room “${room}” has no pictures to give.`)),
    subscribe: (changed) => {
      const heard = () => changed('wanted')
      window.addEventListener('popstate', heard)
      return () => window.removeEventListener('popstate', heard)
    },
  }
}
