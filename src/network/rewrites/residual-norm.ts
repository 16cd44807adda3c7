/** An addition whose sum is normalised at once is one node with the normalisation, which gives the sum as well. */
import { floatAttribute } from '../onnx'
import type { Rewrite } from '../rewrite'

export const residualNorm: Rewrite = {
  name: 'residual addition with the norm after it',
  order: 20,
  apply(places) {
    let count = 0
    for (const node of places.of('LayerNormalization')) {
      const view = places.maker(node.input[0]!, 'Reshape')
      const sum = view && places.maker(view.input[0]!, 'Add')
      const [a = '', b = ''] = sum?.input ?? []
      const dims = view && places.shape(view.output[0]!)
      const shape = sum && places.shape(sum.output[0]!)
      const whole = [a, b].every((part) => places.shape(part)?.join() === shape?.join())
      if (!view || !sum || !dims || !shape || !whole || node.input[2] || places.editor.isOutput(sum.output[0]!))
        continue
      const base = node.output[0]!
      const others = places.editor.consumers(sum.output[0]!).some((reader) => reader !== view)
      places.editor.importOpset('com.microsoft', 1)
      const [normal, total] = places
        .addMany(
          'SkipLayerNormalization',
          [places.reshaped(a, dims, `${base}/a`), places.reshaped(b, dims, `${base}/b`), node.input[1]!],
          [`${base}/skip`, ...(others ? [null, null, `${base}/sum`] : [])],
          {
            name: `${base}/skip`,
            domain: 'com.microsoft',
            attributes: { epsilon: { float: floatAttribute(node, 'epsilon') ?? 1e-5 } },
          },
        )
        .filter((name) => name !== '')
      places.replace(node, normal!)
      if (others) places.replace(sum, places.reshaped(total!, shape, `${base}/sum_image`))
      count += 1
    }
    return count
  },
}
