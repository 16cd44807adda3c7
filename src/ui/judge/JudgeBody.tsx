/** The judge at work: on its way, refused, or with what it sees and measures. */
import { usePage, useSession } from '../app/store'
import { megabytes } from '../../core/format'
import { Hint } from '../kit/Hint'
import { Progress } from '../kit/Progress'
import { useMetric } from './metric'
import { Many } from './Many'
import { Seen } from './Seen'

export default function JudgeBody() {
  const judge = usePage((state) => state.judge.state)
  const metric = useMetric()
  const session = useSession()
  switch (judge.kind) {
    case 'closed':
      return null
    case 'fetching':
      return (
        <div className="mt-2 max-w-md">
          <Hint figures>
            Fetching the judge, {megabytes(judge.loaded)} of {megabytes(judge.total)} MB
          </Hint>
          <Progress label="Fetching the judge" done={judge.loaded} total={judge.total} />
        </div>
      )
    case 'failed':
      return (
        <p className="mt-2 text-label">
          <span className="text-alert">The judge can’t be used: {judge.message}</span>{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              session.judge.close()
              void session.judge.open()
            }}
          >
            Try again
          </button>
        </p>
      )
    case 'open':
      return (
        <>
          <div className="mt-2.5 flex flex-wrap items-start gap-x-12 gap-y-4">
            <Seen />
            <Many />
          </div>
          <Hint className="mt-3 max-w-[44rem]">
            {metric} is the distance of the images to held-out drawings of all styles in the judge’s features: lower is
            better. It is no FID, and it falls with the number of images, so compare equal numbers only. Precision:
            images that look like drawings. Recall: drawings that look like images. Classes take turns and seeds count
            up; drawing waits while you change something.
          </Hint>
        </>
      )
    default:
      return judge satisfies never
  }
}
