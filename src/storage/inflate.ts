/** Compressed bytes of a stranger's file: read up to a bound. */
import { Unzlib } from 'fflate'
import { readUpTo } from '../core/bounded'

/** A preset is a thousand times smaller. */
const MOST = 4_000_000

/** What zlib compressed; null where that is damaged or too much. */
export const inflated = (bytes: Uint8Array): Uint8Array | null => readUpTo(bytes, MOST, (heard) => new Unzlib(heard))
