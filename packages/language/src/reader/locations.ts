/**
 * Where resources come from: a path beside the file, a URL that an agent fetches, or a path of the agents' machines (rules
 * RSC-1 to RSC-5, RSC-7). Called by `experiment`; that local files exist is checked by `checks/references.ts`.
 */
import { type AstEntry, deref } from './ast.ts'
import { NAME } from './limits.ts'
import type { Report, Span } from './source.ts'
import { didYouMean } from './suggest.ts'
import { readMap, short, wrongType } from './value.ts'

export interface ParsedResource {
  readonly name: string
  readonly location: string
  readonly kind: 'local' | 'url' | 'cluster'
  readonly keySpan: Span
  readonly span: Span
  readonly path: string
}

export function readResources(entry: AstEntry | undefined, report: Report): ParsedResource[] {
  if (entry === undefined) return []
  const found: ParsedResource[] = []
  for (const { key, keySpan, value, path } of readMap(entry, 'a map of names and locations', report)) {
    if (!NAME.test(key)) {
      const message = `\`${short(key)}\` is no name of a resource: letters, digits, - and _ only, at most 64`
      report.add({ rule: 'bad-name', span: keySpan, path, message })
      continue
    }
    const target = deref(value)
    const common = { name: key, keySpan, span: value.span, path }
    if (target.kind === 'cluster') {
      const url = checkScheme(target.location, value.span, path, report)
      found.push({ ...common, location: target.location, kind: url ? 'url' : 'cluster' })
      continue
    }
    if (target.kind !== 'scalar' || typeof target.value !== 'string' || target.value === '') {
      wrongType(value, path, 'a path or a URL', report)
      // The name is known all the same, so that links to it are not reported too.
      found.push({ ...common, location: '', kind: 'cluster' })
      continue
    }
    const url = checkScheme(target.value, value.span, path, report)
    found.push({ ...common, location: target.value, kind: url ? 'url' : 'local' })
  }
  return found
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/
const MOST_LETTERS = 4_096
const SCHEMES = ['http', 'https', 's3']

/** True when the location has a scheme, understood or not: then it is no local path. */
function checkScheme(location: string, span: Span, path: string, report: Report): boolean {
  const scheme = SCHEME.exec(location.slice(0, 100))?.[1]?.toLowerCase()
  const wrong = (message: string, hint: string): void => {
    report.add({ rule: 'resource-location', span, path, message, hint })
  }
  if (location.length > MOST_LETTERS) {
    wrong(`a location has at most ${MOST_LETTERS.toLocaleString('en')} letters`, '')
    return false
  }
  if (scheme === undefined) {
    if (/\p{Cc}/u.test(location)) wrong('a location holds no control characters', '')
    return false
  }
  if (!SCHEMES.includes(scheme)) {
    if (scheme.length === 1) wrong('drive letters are not understood', 'give a path relative to this file')
    else wrong(`a location cannot start with \`${short(scheme)}:\``, schemeHint(scheme))
    return true
  }
  const { host, secret, rest } = parts(location, scheme)
  if (host === null) {
    wrong(`\`${short(location)}\` is no URL`, scheme === 's3' ? 's3://bucket/key' : `${scheme}://host/path`)
  } else if (secret) {
    wrong('a location holds no user name and no password', 'keep them in the secrets of the agents')
  } else if (/#sha256=/i.test(location) && !PINNED.test(location)) {
    wrong('after `#sha256=` stand 64 hexadecimal digits', 'the stderr of a trial that fetched it tells them')
  } else if (scheme === 's3' && rest.replace(/#.*/s, '') === '')
    wrong('the location names a bucket but no key', `s3://${host}/key`)
  return true
}

const PINNED = /#sha256=[0-9a-f]{64}$/i

/** The URL says what its content must be; the agent that fetches it compares. */
export const isPinned = (location: string): boolean => PINNED.test(location)

function schemeHint(scheme: string): string {
  if (scheme === 'file') return 'give the path alone'
  if (['git', 'ssh', 'git+https', 'git+ssh', 'npm'].includes(scheme)) {
    return 'code comes from an extension (first document), data from a path, http(s):// or s3://'
  }
  const near = didYouMean(scheme, SCHEMES)
  return near.startsWith('did') ? near : 'give a path relative to this file, a URL (https, s3), or !cluster path'
}

function parts(location: string, scheme: string): { host: string | null; secret: boolean; rest: string } {
  const authority = /^[^/?#\s]*/.exec(location.slice(scheme.length + 3))?.[0] ?? ''
  const secret = authority.includes('@')
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const odd = location.slice(scheme.length, scheme.length + 3) !== '://' || /[\s\p{Cc}]/u.test(location)
  const rest = location.slice(scheme.length + 3 + authority.length).replace(/^\/+/, '')
  return { host: odd || !/^[A-Za-z0-9._:[\]-]+$/.test(host) ? null : host, secret, rest }
}
