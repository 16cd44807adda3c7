/** A part of the plane's own state; what is read of its settings is of the points that are shown. */
import { useStore } from 'zustand'
import type { Plane, PlaneState } from './plane'

/** The selector must return the same reference while the part is unchanged. */
export function usePlane<T>(plane: Plane, selector: (state: PlaneState) => T): T {
  return useStore(plane.store, selector)
}
