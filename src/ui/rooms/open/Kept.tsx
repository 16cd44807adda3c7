/** Models that were opened before: used, shared and forgotten from here. */
import type { KeptModel } from '../../../storage/opened-models'
import { openedParts } from '../../../model/opened'
import { parseFamily } from '../../../model/families'
import type { Opening } from './contract'
import { saveManifest } from './save'
import { WorseNetworks } from './WorseNetworks'
import type { OpenState } from './state'
import { addressOf } from './use'

function nameOf({ id, model }: KeptModel): string {
  try {
    return parseFamily(model).name
  } catch {
    return openedParts(id)?.name ?? id
  }
}

interface KeptProps {
  readonly opening: Opening
  readonly state: OpenState
  readonly hash: string
}

export function Kept({ opening, state: { kept, adding }, hash }: KeptProps) {
  if (kept.length === 0) return null
  return (
    <section aria-labelledby="kept" className="mt-8 border-t border-line pt-4">
      <h2 id="kept" className="font-medium">
        Opened before
      </h2>
      <ul data-part="kept" className="mt-1 max-w-[46rem]">
        {kept.map((one) => (
          <li
            key={one.id}
            data-model={one.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-1.5 text-label first:border-t-0"
          >
            <a className="link font-medium" href={addressOf(one.id, hash)}>
              {nameOf(one)}
            </a>
            <span translate="no" className="num text-muted">
              {openedParts(one.id)?.hash.slice(0, 8)}…
            </span>
            <span className="ml-auto flex gap-1.5">
              <button
                type="button"
                className="button quiet"
                data-part="save-kept"
                onClick={() => saveManifest(one.manifest, one.id)}
              >
                Save description
              </button>
              <button
                type="button"
                className="button quiet"
                data-part="forget-model"
                aria-label={`Forget ${nameOf(one)}`}
                onClick={() => opening.forget(one.id)}
              >
                Forget
              </button>
            </span>
            <WorseNetworks {...{ opening, adding, kept: one }} name={nameOf(one)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
