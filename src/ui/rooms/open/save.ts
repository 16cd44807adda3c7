/** Saves a model's description as the file that others open it with. */
import { openedParts } from '../../../model/opened'
import { download } from '../../share/share'

export function saveManifest(manifest: unknown, id: string): void {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  download(new Blob([text], { type: 'application/json' }), `${openedParts(id)?.name ?? id}-manifest.json`)
}
