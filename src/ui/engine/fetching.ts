/** The download that a run waits for, in words. */
import { megabytes } from '../../core/format'
import type { Fetching } from './slice'

/** How far the networks are that a run waits for. */
export function fetchingText({ label, loaded, total, unit }: Fetching): string {
  return unit === 'bytes'
    ? `${label}, ${megabytes(loaded)} of ${megabytes(total)} MB`
    : `${label}, ${loaded} of ${total} parts`
}
