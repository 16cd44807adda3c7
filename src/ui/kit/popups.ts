/** Where menus and drop-downs are put: inside the page's header, so that they too lie in a landmark. */
import { createRef } from 'react'

export const popups = createRef<HTMLDivElement>()
