/** The way to the other rooms, in the bar. What they are is read when it is opened. */
import { Dropdown } from '../kit/dropdown'

const loadMenu = () => import('./ExploreMenu')

export function Explore() {
  return (
    <Dropdown
      load={loadMenu}
      opens="menu"
      props={{ part: 'explore', className: 'button quiet', label: 'Explore: lessons and other rooms', face: 'Explore' }}
    />
  )
}
