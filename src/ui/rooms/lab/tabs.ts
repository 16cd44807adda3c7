/** The tabs that there are: every folder in `tabs/`. */
import { type TabAbout, type TabModule, tabsOf } from './tab'

export const tabs = tabsOf(
  import.meta.glob<{ readonly about: TabAbout }>('./tabs/*/about.ts', { eager: true }),
  import.meta.glob<TabModule>('./tabs/*/tab.tsx'),
)
