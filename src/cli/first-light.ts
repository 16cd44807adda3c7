/** `npm run first-light`: samples the default family's first picture and stores the run that the page opens with (public/first-light.*). */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StepRecord } from '../sampling/records'
import { sample } from '../sampling/sample'
import { loadNodeModel } from './node-model'
import { firstSettings } from '../settings'
import { defaultModel, modelFolder } from './models'
import { ahead, encodeFirstLight } from '../storage/first-light'
import { encodePng } from '../storage/write-png'

const root = join(import.meta.dirname, '../..')
const { model, denoiser, dispose } = await loadNodeModel(modelFolder(defaultModel()))
const settings = firstSettings(model)
const records: StepRecord[] = []
for await (const event of sample({ denoiser, settings, alone: ['positive', 'negative'] })) {
  if (event.kind === 'step') {
    records.push(event.record)
    continue
  }
  const { json, first, steps } = encodeFirstLight(settings, records, event.samples, model)
  writeFileSync(join(root, 'public/first-light.json'), JSON.stringify(json) + '\n')
  writeFileSync(join(root, 'public/first-light.png'), await encodePng(first))
  writeFileSync(join(root, 'public/first-light-ahead.png'), await encodePng(ahead(first, model.image).picture))
  writeFileSync(join(root, 'public/first-light-steps.png'), await encodePng(steps))
}
await dispose()
