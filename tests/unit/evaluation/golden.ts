/** Numbers from PyTorch and numpy, written by `models/train/evaluate.py --golden`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Value {
  readonly value: number
  readonly margin: number
}

export interface Golden {
  readonly real: number[][]
  readonly generated: number[][]
  readonly asked: number[]
  readonly seen: number[]
  readonly metrics: {
    readonly samples: number
    readonly frechet: Value
    readonly agreement: Value
    readonly precision: Value
    readonly recall: Value
  }
  readonly frechetOfFew: number
  readonly judged: {
    readonly step: number
    readonly seen: number
    readonly features: number[]
    readonly saliency: number[]
  }[]
}

export const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden.json'), 'utf8')) as Golden
