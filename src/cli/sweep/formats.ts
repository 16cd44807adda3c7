/** The forms in which results are written; the ending of a file's name says which. */
import { chart } from '../../lab/chart'
import { columnsOf, metricNames } from '../../lab/columns'
import { csv } from '../../lab/csv'
import { parquet } from '../../lab/parquet'
import { resultLine, type Result } from '../../lab/result'
import { UsageError } from '../usage'

type Format = (results: readonly Result[], title: string) => string | Uint8Array

const FORMATS: Readonly<Record<string, Format>> = {
  jsonl: (results) => results.map(resultLine).join(''),
  csv: (results) => csv(columnsOf(results)),
  parquet: (results) => parquet(columnsOf(results)),
  svg: (results, title) => chart(title, metricNames(results)[0] ?? 'frechet', results),
}

/** How a file of this name is written. Throws UsageError for an ending that means nothing. */
export function formatOf(file: string): Format {
  const format = FORMATS[/\.([a-z]+)$/.exec(file)?.[1] ?? '']
  if (!format)
    throw new UsageError(
      `--write ${file}: the name must end in ${Object.keys(FORMATS)
        .map((name) => `.${name}`)
        .join(', ')}`,
    )
  return format
}
