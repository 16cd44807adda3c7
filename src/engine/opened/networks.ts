/** The list of networks of a model or of its description, which may have second ones. Pure. */

interface Listing {
  readonly networks?: unknown
}

/** Without a second network. */
export function withoutSecond<M extends Listing>(model: M, id: string): M {
  const { networks } = model
  if (!Array.isArray(networks)) return model
  return { ...model, networks: (networks as readonly { readonly id: string }[]).filter((one) => one.id !== id) }
}
