/** Tabs of the lab: the contract of the folders in `tabs/`. A tab is `tabs/<id>/about.ts` and, loaded when it is opened, `tabs/<id>/tab.tsx`. */
import type { ComponentType } from 'react'
import type { Lab } from './lab'

/** A file `about.ts`: its export `about`. */
export interface TabAbout {
  readonly label: string
  /** What a person does there, in a few words. */
  readonly what: string
  /** Place in the row, ascending. */
  readonly place: number
  /** Keys of the address that the tab reads and writes (`lab.write`), beside the settings. */
  readonly keys: readonly string[]
  /** Whether it varies settings of its own, which it says itself. */
  readonly ownSubject?: boolean
}

export interface TabProps {
  readonly lab: Lab
}

/** A file `tab.tsx`: its default export. It stays as it was while another tab is seen; `useTabSeen` tells. */
export interface TabModule {
  readonly default: ComponentType<TabProps>
}

export interface Tab extends TabAbout {
  readonly id: string
  readonly load: () => Promise<TabModule>
}

/** Tabs by the paths of their files, as `import.meta.glob` gives them, in their order. */
export function tabsOf(
  abouts: Readonly<Record<string, { readonly about: TabAbout }>>,
  files: Readonly<Record<string, () => Promise<TabModule>>>,
): readonly Tab[] {
  return Object.entries(files)
    .map(([path, load]): Tab => {
      const folder = path.replace(/\/tab\.tsx$/, '')
      const told = abouts[`${folder}/about.ts`]
      if (!told) throw new Error(`${folder} has no about.ts`)
      return { id: folder.replace(/^.*\//, ''), load, ...told.about }
    })
    .sort((a, b) => a.place - b.place)
}
