/** React may throw a render away and begin anew: what a room opens, such as an engine, it opens once it is on the page. */
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { rooms } from '../../../src/ui/rooms'

it.each(Object.keys(rooms))('rendering the room %s opens nothing', async (name) => {
  const { default: Room } = await rooms[name]!()
  const props = { owns: () => true, notes: [], hash: '', newVersion: false }
  // Whatever it opened would look for a window, which is not there.
  expect(() => renderToString(createElement(Room, props))).not.toThrow()
})
