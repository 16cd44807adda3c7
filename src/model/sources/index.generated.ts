// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { ConfigSource } from '../source'
import { diffusersIndex } from './diffusers-index'
import { diffusersNetwork } from './diffusers-network'
import { diffusersScheduler } from './diffusers-scheduler'
import { diffusersVae } from './diffusers-vae'

export const sources: readonly ConfigSource[] = [
  diffusersIndex,
  diffusersNetwork,
  diffusersScheduler,
  diffusersVae,
]
