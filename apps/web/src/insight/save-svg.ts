/** A drawn SVG as a file that looks the same elsewhere: colours of the page's tokens are written into it. */
import { saveText } from '../chart/save.ts'

const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'fill-opacity',
  'stroke-opacity',
  'opacity',
] as const
const TEXT = ['font-size', 'font-weight', 'font-family', 'text-anchor'] as const

export function saveSvg(svg: SVGSVGElement | null, title: string): void {
  if (!svg) return
  const copy = svg.cloneNode(true) as SVGSVGElement
  const from = svg.querySelectorAll('*')
  copy.querySelectorAll('*').forEach((element, i) => {
    const source = from[i]
    if (!source) return
    const style = getComputedStyle(source)
    for (const name of source instanceof SVGTextElement ? [...KEPT, ...TEXT] : KEPT) {
      element.setAttribute(name, style.getPropertyValue(name))
    }
    element.removeAttribute('class')
    element.removeAttribute('style')
  })
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.removeAttribute('class')
  saveText(`${title}.svg`, `${new XMLSerializer().serializeToString(copy)}\n`, 'image/svg+xml')
}
