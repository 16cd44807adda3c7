/** What the judge says of all samples of a wall together; the way to it, and how far that is. */
import { useMemo } from 'react'
import { megabytes } from '../../../../../core/format'
import { Hint } from '../../../../kit/Hint'
import { Progress } from '../../../../kit/Progress'
import { useKept } from '../../use-lab'
import { balance, type Order } from './orders'
import type { Wall } from './wall'

export function Judged({
  wall,
  order,
  bytes,
}: {
  readonly wall: Wall
  readonly order: Order
  readonly bytes: number | null
}) {
  const judge = useKept(wall.store, (state) => state.judge)
  const samples = useKept(wall.store, (state) => state.samples)
  const told = useMemo(() => balance(samples), [samples])
  if (order.judged && bytes === null) return <Hint>This family of models has no judge.</Hint>
  if (order.judged && judge.kind === 'closed')
    return (
      <button type="button" data-part="wall-judge" className="button num self-start" onClick={wall.askJudge}>
        {`Ask the judge · ${megabytes(bytes ?? 0)} MB`}
      </button>
    )
  if (judge.kind === 'fetching')
    return (
      <div className="max-w-xs">
        <Hint figures>{`Fetching the judge, ${megabytes(judge.loaded)} of ${megabytes(judge.total)} MB`}</Hint>
        <Progress label="Fetching the judge" done={judge.loaded} total={judge.total} />
      </div>
    )
  if (judge.kind === 'failed')
    return (
      <p className="text-label">
        <span className="text-alert">The judge can’t be used: {judge.message}</span>{' '}
        <button type="button" className="link" onClick={wall.askJudge}>
          Try again
        </button>
      </p>
    )
  return (
    told && (
      <Hint part="wall-balance" figures>
        {`By the judge’s distance, guidance brought ${told.helped} nearer to real drawings and took ${told.harmed} further away${told.same > 0 ? `; ${told.same} stayed where they were` : ''}.`}
      </Hint>
    )
  )
}
