/**
 * What the kernels compute. All addresses are bytes from the beginning of the memory, at multiples of 16; all numbers are f32. Images lie
 * as [h, w, c], tokens as [n, c]. No kernel writes beyond the floats it was told of. What a row becomes does not depend, to the bit, on
 * how many rows are computed with it.
 */
import type { attentionScratchFloats, packedFloats, winogradPackedFloats, winogradScratchFloats } from './sizes'

type Address = number
/** 0 where there is none. */
type Maybe = number
/** A place in a list of `operations.ts`. */
type Choice = number
type Flag = 0 | 1

export interface Matrices {
  readonly packedFloats: typeof packedFloats
  /** B [k, n] with rows ldb floats apart, or transposed [n, k]. */
  pack(b: Address, ldb: number, k: number, n: number, transposed: Flag, packed: Address): void
  /**
   * C = act(A·B + bias) + residual. A [m, k] rows lda floats apart, C and residual [m, n] rows ldc apart. The residual may be C
   * itself where act is 0.
   */
  gemm(
    a: Address,
    lda: number,
    packed: Address,
    bias: Maybe,
    residual: Maybe,
    c: Address,
    ldc: number,
    m: number,
    n: number,
    k: number,
    act: Choice,
  ): void
  /**
   * One row of the batch: out = softmax(scale · Q Kᵀ + bias) V for each head; head h at column h·d of q, k, v and out, whose rows are
   * ldq … floats apart. Bias [heads or 1, n, m], biasHeadStride floats between heads.
   */
  attention(
    q: Address,
    ldq: number,
    k: Address,
    ldk: number,
    v: Address,
    ldv: number,
    out: Address,
    ldo: number,
    bias: Maybe,
    biasHeadStride: number,
    heads: number,
    n: number,
    m: number,
    d: number,
    scale: number,
    scratch: Address,
  ): void
  readonly attentionScratchFloats: typeof attentionScratchFloats
}

export interface Convolutions {
  readonly winogradPackedFloats: typeof winogradPackedFloats
  readonly winogradScratchFloats: typeof winogradScratchFloats
  /** Weights [cout, cin, 3, 3]. */
  winogradPack(weights: Address, cin: number, cout: number, packed: Address): void
  /** 3×3, stride 1, padding 1, of any size; y = act(x ∗ weights + bias) + residual, as `gemm`. */
  winograd(
    x: Address,
    packed: Address,
    bias: Maybe,
    residual: Maybe,
    y: Address,
    scratch: Address,
    rows: number,
    h: number,
    w: number,
    cin: number,
    cout: number,
    act: Choice,
  ): void
  /** Patches [oh·ow, kh·kw·c] of one image, zeros outside. */
  im2col(
    x: Address,
    out: Address,
    h: number,
    w: number,
    c: number,
    kh: number,
    kw: number,
    sh: number,
    sw: number,
    dh: number,
    dw: number,
    pt: number,
    pl: number,
    oh: number,
    ow: number,
  ): void
  /** Each channel by itself; weights [kh, kw, c]. */
  depthwise(
    x: Address,
    weights: Address,
    bias: Maybe,
    y: Address,
    h: number,
    w: number,
    c: number,
    kh: number,
    kw: number,
    sh: number,
    sw: number,
    pt: number,
    pl: number,
    oh: number,
    ow: number,
    act: Choice,
  ): void
  pool(
    x: Address,
    y: Address,
    h: number,
    w: number,
    c: number,
    kh: number,
    kw: number,
    sh: number,
    sw: number,
    pt: number,
    pl: number,
    oh: number,
    ow: number,
    kind: Choice,
  ): void
}

export interface Norms {
  /** y = act(normalised · gamma + beta); gamma and beta [c], or [rows, c] with so many floats between rows. */
  groupNorm(
    x: Address,
    y: Address,
    gamma: Address,
    gammaStride: number,
    beta: Address,
    betaStride: number,
    rows: number,
    hw: number,
    c: number,
    groups: number,
    eps: number,
    act: Choice,
  ): void
  layerNorm(x: Address, y: Address, gamma: Maybe, beta: Maybe, m: number, c: number, eps: number): void
  rmsNorm(x: Address, y: Address, gamma: Maybe, m: number, c: number, eps: number): void
  softmax(x: Address, y: Address, m: number, n: number): void
  /** Over the last axis of [m, n]. */
  reduce(kind: Choice, x: Address, y: Address, m: number, n: number): void
}

export interface Elementwise {
  unary(op: Choice, x: Address, y: Address, n: number): void
  binary(op: Choice, a: Address, b: Address, y: Address, n: number): void
  /** One b for all n; swapped: b op a. */
  binaryScalar(op: Choice, a: Address, b: Address, y: Address, n: number, swapped: Flag): void
  /** b [n] for each of m rows. */
  binaryVector(op: Choice, a: Address, b: Address, y: Address, m: number, n: number, swapped: Flag): void
  /** b [m], one for each row of n. */
  binaryColumn(op: Choice, a: Address, b: Address, y: Address, m: number, n: number, swapped: Flag): void
}

export interface Movement {
  /** y [d0, d1, d2, d3], without gaps, of x with strides in floats; 0 repeats. */
  copy(
    x: Address,
    y: Address,
    d0: number,
    d1: number,
    d2: number,
    d3: number,
    s0: number,
    s1: number,
    s2: number,
    s3: number,
  ): void
  /** y[i] = x[index[i]], rows of n floats; index i32. */
  gatherRows(x: Address, index: Address, y: Address, count: number, n: number): void
  /** m rows of n floats. */
  copyRows(x: Address, ldx: number, y: Address, ldy: number, m: number, n: number): void
}

export interface Kernels extends Matrices, Convolutions, Norms, Elementwise, Movement {}
