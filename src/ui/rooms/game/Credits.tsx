/** Whose drawings these are, or imitate, of each class once. */
import type { ModelInfo } from '../../../model/types'
import { Hint } from '../../kit/Hint'
import { Link } from '../../kit/Link'

interface CreditsProps {
  readonly model: ModelInfo
  /** Classes that are shown. */
  readonly labels: readonly number[]
  readonly className: string
}

export function Credits({ model: { conditioning }, labels, className }: CreditsProps) {
  const credited = conditioning.classes.filter((style, label) => labels.includes(label) && style.artist !== undefined)
  if (credited.length === 0) return null
  return (
    <Hint className={className}>
      Drawings:{' '}
      {credited.map(({ name, artist, licence, url }, index) => (
        <span key={name}>
          {index > 0 && '; '}
          {name} by {url ? <Link href={url}>{artist}</Link> : artist}
          {licence && `, ${licence}`}
        </span>
      ))}
      .
    </Hint>
  )
}
