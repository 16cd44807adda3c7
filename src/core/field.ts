/** An image, or a difference of images: planar float32 [channels × height × width], data units. */
export type Field = Float32Array
