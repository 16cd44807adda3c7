/** A safetensors file, by its specification. */
export function safetensors(
  prompts: readonly string[],
  tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Uint16Array }>>,
): Uint8Array {
  let offset = 0
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const from = offset
    offset += data.byteLength
    return [name, { dtype: data instanceof Float32Array ? 'F32' : 'F16', shape, data_offsets: [from, offset] }] as const
  })
  const header = new TextEncoder().encode(
    JSON.stringify({ __metadata__: { prompts: JSON.stringify(prompts) }, ...Object.fromEntries(entries) }),
  )
  const bytes = new Uint8Array(8 + header.length + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, 8)
  let at = 8 + header.length
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}
