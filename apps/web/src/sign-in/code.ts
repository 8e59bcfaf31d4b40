/** The code in a sign-in link's fragment (`#code=…` or `#…`), and where to go on: pages of this site only. */

export function codeOf(link: string): string | null {
  const cut = link.indexOf('#')
  if (cut < 0) return null
  const fragment = link.slice(cut + 1).trim()
  const code = new URLSearchParams(fragment).get('code') ?? (fragment.includes('=') ? '' : fragment)
  return code === '' ? null : code
}

/** A path of this site; anything else (other hosts, `//host`, the sign-in page itself) becomes the first page. */
export function ownPage(next: string | null): string {
  if (next === null || !/^\/(?![/\\])/.test(next) || next.startsWith('/sign-in')) return '/'
  return next
}
