/** Starts the page in the room that the address names. */
import './ui/styles.css'
import { createRoot } from 'react-dom/client'
import { rooms } from './ui/rooms'
import { Rooms } from './ui/rooms/Rooms'

const root = document.getElementById('root')
if (root) createRoot(root).render(<Rooms rooms={rooms} />)
