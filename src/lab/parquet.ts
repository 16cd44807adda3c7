/** A table as a Parquet file. Pure. */
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import type { Column } from './columns'

export function parquet(columns: readonly Column[]): Uint8Array {
  const writer = new ByteWriter()
  parquetWrite({
    writer,
    createdBy: 'guidance playground',
    columnData: columns.map(({ name, kind, values }) => ({
      name,
      data: [...values],
      type: kind === 'number' ? 'DOUBLE' : 'STRING',
      nullable: true,
    })),
  })
  return writer.getBytes()
}
