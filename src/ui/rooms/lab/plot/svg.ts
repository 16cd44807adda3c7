/** A drawing of the page as a file of its own: colours as they are seen now, links whole, and a ground. */

const KEPT = ['fill', 'stroke', 'font-size', 'opacity'] as const

export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) throw new TypeError('a drawing’s copy is no drawing')
  const [from, to] = [svg, copy].map((one) => [...one.querySelectorAll<SVGElement>('*')])
  from!.forEach((element, at) => {
    const other = to![at]!
    const style = getComputedStyle(element)
    for (const name of KEPT) other.setAttribute(name, style.getPropertyValue(name))
    other.removeAttribute('class')
    if (element instanceof SVGAElement) other.setAttribute('href', new URL(element.href.baseVal, location.href).href)
  })
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('font-family', 'Inter, system-ui, sans-serif')
  copy.removeAttribute('class')
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor)
  copy.prepend(ground)
  return new XMLSerializer().serializeToString(copy)
}
