import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { decodeLink, defaultSettings, encodeLink, withoutRoom } from '../../../src/settings'
import { rooms } from '../../../src/ui/rooms'
import { roomsOf, visitOf } from '../../../src/ui/rooms/rooms'
import { model } from './fixtures'

const Plane = () => null
const registry = roomsOf({
  './play/room.tsx': () => Promise.resolve({ default: () => null }),
  './plane/room.tsx': () => Promise.resolve({ default: Plane }),
})

describe('rooms', () => {
  it('are the folders beside the registry, and play is one of them', () => {
    expect(Object.keys(rooms)).toContain('play')
  })

  it('opens a new folder under its own name, and leaves the rest of the address to it', async () => {
    const visit = visitOf('#room=plane&seed=3', registry)
    expect(visit).toEqual({ room: 'plane', notes: [] })
    expect((await registry[visit.room]!()).default).toBe(Plane)
    expect(withoutRoom('#room=plane&seed=3')).toBe('#seed=3')
  })

  it('opens play for every link that names no room', () => {
    const links = methods.map(({ id }) => encodeLink(defaultSettings(model, id), model))
    for (const link of ['', 'v=1&method=pag&seed=7', 'v=2&method=cfg++&class=3', 'nonsense', 'bedroom=1', ...links]) {
      expect(visitOf(`#${link}`, registry), link).toEqual({ room: 'play', notes: [] })
      expect(withoutRoom(`#${link}`)).toBe(`#${link}`)
    }
  })

  it.each(['#room=cellar', '#room=', '#seed=3&room=toString'])(
    '%s: says so, and opens play with what it says',
    (hash) => {
      const visit = visitOf(hash, registry)
      expect(visit.room).toBe('play')
      expect(visit.notes).toEqual([expect.stringContaining('no room')])
      const { problems } = decodeLink(withoutRoom(hash), model)
      expect(problems).toEqual([])
    },
  )
})
