/** Takes a grid away: as a picture, as JSON, as a link to the grid itself. */
import { caption } from '../../../../../settings/words'
import { copyText } from '../../../../share/copy-link'
import { download } from '../../../../share/share'
import type { Lab } from '../../lab'
import { useKept } from '../../use-lab'
import type { Drawing } from './drawing'
import { type AxisTexts, type ReadyPlan, writeAxes } from './plan'
import { gridJson, pngOfGrid, type SheetParts } from './sheet'

interface SavingProps {
  readonly lab: Lab
  readonly drawing: Drawing
  readonly plan: ReadyPlan
  readonly axes: AxisTexts
}

export function Saving({ lab, drawing, plan, axes }: SavingProps) {
  const some = useKept(drawing.store, (state) => state.pictures.size > 0)
  const link = () => lab.link('grid', writeAxes(axes))
  const parts = (): SheetParts => {
    const { model, settings } = lab.store.getState().subject
    return {
      ...drawing.store.getState(),
      plan,
      model,
      models: lab.port.models,
      caption: caption(settings, model),
      link: link(),
    }
  }
  const name = (extension: string) => `grid-${plan.grid.axes.map(({ key }) => key).join('-by-')}.${extension}`
  const savePng = async () => {
    download(await pngOfGrid(parts()), name('png'))
    lab.say('Grid saved, with its settings inside.')
  }
  const saveJson = () => {
    const text = `${JSON.stringify(gridJson(parts()), null, 2)}\n`
    download(new Blob([text], { type: 'application/json' }), name('json'))
    lab.say('Grid saved.')
  }
  const copy = async () => {
    const copied = await copyText(link())
    lab.say(copied ? 'Link to the grid copied.' : 'The browser does not allow copying; the link is in the address bar.')
  }
  return (
    <div className="flex flex-wrap gap-1.5">
      <button type="button" data-part="grid-png" className="button" disabled={!some} onClick={() => void savePng()}>
        Save PNG
      </button>
      <button type="button" data-part="grid-json" className="button" onClick={saveJson}>
        Save JSON
      </button>
      <button type="button" data-part="grid-link" className="button" onClick={() => void copy()}>
        Copy link
      </button>
    </div>
  )
}
