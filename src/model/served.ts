/**
 * What a file of a model is called on the host: hosts know the types of few endings, and some send what they don't know as a
 * page, or not at all. Shared by the page, which asks, and the build, which names.
 */

/** The name under which the site has a file of `models/<id>/`. */
export function servedName(file: string): string {
  return file.endsWith('.onnx') ? `${file}.bin` : file.replace(/\.md$/, '.html')
}

/** The file that stands behind a served name. */
export function fileServedAs(name: string): string {
  return name.endsWith('.onnx.bin') ? name.slice(0, -'.bin'.length) : name.replace(/\.html$/, '.md')
}

/** The address of a model's card, relative to the page's. */
export const cardAddress = (model: string): string => `models/${model}/${servedName('README.md')}`
