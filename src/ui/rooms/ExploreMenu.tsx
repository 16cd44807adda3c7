/** The rooms as a menu: each with what is done there, and the settings in force and how the page is shown go along; a lesson is left. */
import { carriedView } from '../../settings'
import { useSession } from '../app/store'
import type { ButtonLook } from '../kit/dropdown-props'
import Menu from '../kit/Menu'
import { go, leftAddress } from '../lesson/address'
import type { About } from './about'
import { inForce } from './in-force'
import { roomAddress } from './rooms'

const files = import.meta.glob<{ readonly about: About }>('./*/about.ts', { eager: true })
const ROOMS = Object.entries(files)
  .map(([path, { about }]) => ({ room: /([^/]+)\/about\.ts$/.exec(path)?.[1] ?? path, ...about }))
  .sort((a, b) => a.place - b.place)

export default function ExploreMenu(look: ButtonLook) {
  const session = useSession()
  return (
    <Menu
      {...look}
      popupClassName="w-80 max-w-[calc(100vw-1.5rem)]"
      items={() => {
        const { settings, model } = session.store.getState()
        return ROOMS.filter(({ when }) => when?.(model) ?? true).map(({ room, title, what }) => ({
          part: `to-${room}`,
          label: (
            <span>
              <span className="block font-medium">{title}</span>
              <span className="block text-hint text-muted">{what}</span>
            </span>
          ),
          onChoose: () => {
            const address = roomAddress(room, inForce(settings, model, window.location.hash))
            go(carriedView(address, leftAddress(window.location.hash)))
          },
        }))
      }}
    />
  )
}
