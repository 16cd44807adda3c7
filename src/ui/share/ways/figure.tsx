/** Pictures at each value of one setting, as a file. What makes it is fetched when it is chosen. */
import { Later } from '../../kit/Later'
import type { ShareWay, WayProps } from '../way'

const load = () => import('../../figure/FigurePage')

const Page = ({ shared }: WayProps) => <Later load={load} props={{ page: shared.page }} />

export const figure: ShareWay = { id: 'figure', label: 'Still figure', place: 5, takesView: false, Page }
