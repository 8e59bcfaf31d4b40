/**
 * The location of an extension: a local folder, an npm requirement, or a git repository with branch, tag or commit and
 * sub-folder. Called by `extensions`. It ends up in commands of the agents, so it lets through only what it understands.
 *
 *     ./folder  ../folder  /folder  ~/folder
 *     package  package@^1  @scope/package@1.2
 *     https://host/user/repo[.git][#ref[&path:folder]]   git@host:user/repo.git   ssh://git@host/user/repo.git
 *     https://github.com/user/repo/tree/ref[/folder]
 */
import type { PlannedExtension } from '../plan.ts'
import { short } from './value.ts'

type From = PlannedExtension['from']

interface Wrong {
  readonly wrong: string
  readonly hint: string
}

interface Parts {
  readonly kind: string
  readonly ref: string | null
  readonly path: string | null
}

export function readFrom(text: string, parts?: Parts): From | Wrong {
  if (/\p{Cc}/u.test(text)) return { wrong: 'a location holds no control characters', hint: '' }
  if (text.length > 1_000) return { wrong: 'a location has at most 1,000 letters', hint: '' }
  if (text.startsWith('-')) return { wrong: 'a location does not start with `-`', hint: '' }
  const kind = parts?.kind ?? kindOf(text)
  if (kind !== 'git' && parts !== undefined && (parts.ref !== null || parts.path !== null)) {
    return { wrong: '`ref` and `path` belong to `git`', hint: '' }
  }
  if (kind === 'folder') return { kind: 'folder', path: text }
  return kind === 'npm' ? readNpm(text) : readGit(text, parts)
}

function kindOf(text: string): 'folder' | 'npm' | 'git' {
  if (/^([.~/]|[A-Za-z]:[\\/])/.test(text)) return 'folder'
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text) || /^[\w.-]+@[\w.-]+:/.test(text)) return 'git'
  return text.includes('/') && !text.startsWith('@') && !/@/.test(text) ? 'folder' : 'npm'
}

const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
const RANGE = /^[A-Za-z0-9^~<>=|*. +-]+$/

function readNpm(text: string): From | Wrong {
  const at = text.indexOf('@', 1)
  const name = at === -1 ? text : text.slice(0, at)
  const range = at === -1 ? '*' : text.slice(at + 1)
  const python = /^([a-z0-9._-]+)[=<>~!]=?=?([0-9][\w.]*)$/i.exec(text)
  if (python !== null) {
    return { wrong: `\`${short(text)}\` is no npm requirement`, hint: `${python[1]?.toLowerCase()}@${python[2]}` }
  }
  if (!PACKAGE.test(name) || name.length > 214) {
    return { wrong: `\`${short(name)}\` is no name of an npm package`, hint: 'a folder starts with ./' }
  }
  if (range === '' || range.length > 100 || !RANGE.test(range) || range.startsWith('-')) {
    return { wrong: `\`${short(range)}\` is no range of versions`, hint: `${name}@^1` }
  }
  return { kind: 'npm', package: name, range }
}

function readGit(text: string, parts: Parts | undefined): From | Wrong {
  const [address = '', ...fragments] = text.split('#')
  const fragment = fragments.join('#')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(address)?.[1]?.toLowerCase()
  const plain = address.replace(/^git\+/, '')
  if (scheme === 'http' || scheme === 'git' || scheme === 'git+http') {
    return { wrong: `\`${scheme}:\` would bring code over an open line`, hint: plain.replace(/^[a-z]+:/, 'https:') }
  }
  if (scheme === 'file')
    return { wrong: 'a folder is given by its path alone', hint: address.replace(/^file:\/\//, '') }
  if (scheme !== undefined && !['https', 'ssh', 'git+https', 'git+ssh'].includes(scheme)) {
    return { wrong: `an extension cannot come from \`${short(scheme)}:\``, hint: 'https:// or ssh://' }
  }
  if (/\.(tgz|tar\.gz|zip)$/.test(plain))
    return { wrong: 'an archive is no git repository', hint: 'give an npm requirement, or the repository' }
  if (!/^(https:\/\/[\w.:[\]-]+\/|ssh:\/\/([\w.-]+@)?[\w.:[\]-]+\/|[\w.-]+@[\w.-]+:)[\w./~%+@-]+$/.test(plain)) {
    const secret = /^https:\/\/[^/]*@/.test(plain)
    return secret
      ? { wrong: 'a location holds no user name and no password', hint: 'git on the agents has its own credentials' }
      : { wrong: `\`${short(text)}\` is no location of a git repository`, hint: 'https://github.com/user/repo' }
  }
  const tree = /^(https:\/\/[^/]+\/.+?)(?:\/-)?\/tree\/([^/]+)(?:\/(.+?))?\/*$/.exec(plain)
  const [ref, path] = splitFragment(fragment)
  return gitFrom(
    (tree?.[1] ?? plain).replace(/\/+$/, ''),
    parts?.ref ?? (ref || tree?.[2] || null),
    parts?.path ?? (path || tree?.[3] || null),
  )
}

/** `ref`, `ref&path:folder`, `path:folder`. */
function splitFragment(fragment: string): [string, string] {
  const at = /(?:^|&)path:/.exec(fragment)
  if (at === null) return [fragment, '']
  return [fragment.slice(0, at.index), fragment.slice(at.index + at[0].length).replace(/^\/+/, '')]
}

function gitFrom(url: string, ref: string | null, folder: string | null): From | Wrong {
  if (ref !== null && (!/^[\w][\w./+-]*$/.test(ref) || ref.includes('..') || ref.length > 200)) {
    return { wrong: `\`${short(ref)}\` is no branch, tag or commit`, hint: '' }
  }
  if (folder !== null && (folder.split('/').includes('..') || /^[/~-]|\\/.test(folder) || folder === '')) {
    return { wrong: `\`${short(folder)}\` is no folder of the repository`, hint: 'a path inside of it, without ..' }
  }
  return { kind: 'git', url, ref, folder }
}
