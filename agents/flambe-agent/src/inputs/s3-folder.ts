/**
 * The objects whose keys lie below `s3://bucket/key/` (ListObjectsV2): a folder, as far as S3 knows one. Called by urls.ts where no
 * object has the key itself. The answer is XML of a fixed form, and asked for with keys that are URL-encoded: no parser is needed.
 */
import { isS3, type S3Place, s3Place, s3Request } from './s3-request.ts'

/** More objects than this are no resource. */
const MOST_OBJECTS = 10_000
/** A page of a list holds up to 1,000. */
const MOST_PAGES = 1_000

export interface Listed {
  /** The object's own location. */
  readonly location: string
  /** Its path below the folder; a label of somebody else. */
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** Where a folder of that name would lie; null for what is no place in a bucket. */
export function folderOf(location: string): S3Place | null {
  const place = isS3(location) ? s3Place(location) : null
  return place === null ? null : { ...place, key: `${place.key.replace(/\/+$/, '')}/` }
}

/** Throws an Error for an answer other than 200, and with more than `MOST_OBJECTS`. */
export async function listFolder(folder: S3Place, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Listed[]> {
  const found: Listed[] = []
  let token: string | null = null
  for (let pages = 1; pages <= MOST_PAGES; pages++) {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix: folder.key,
      ...(token === null ? {} : { 'continuation-token': token }),
    }
    const { url, headers, redirect } = s3Request(folder, env, query)
    const response = await fetch(url, { headers, redirect, signal })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`the bucket's list answered ${response.status} ${response.statusText}`)
    for (const [, object = ''] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = decodeURIComponent(element(object, 'Key').replaceAll('+', ' '))
      // Consoles mark an empty folder by an object of that name.
      if (!key.startsWith(folder.key) || key.endsWith('/')) continue
      const path = key.slice(folder.key.length)
      found.push({ location: `s3://${folder.bucket}/${key}`, path, size: Number(element(object, 'Size')) })
    }
    if (found.length > MOST_OBJECTS) throw new Error(`it holds more than ${MOST_OBJECTS} objects`)
    token = element(text, 'IsTruncated') === 'true' ? plain(element(text, 'NextContinuationToken')) : null
    if (token === null || token === '') return found
  }
  throw new Error(`its list does not end after ${MOST_PAGES} pages`)
}

const element = (text: string, name: string): string =>
  new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? ''

const ENTITIES: { readonly [entity: string]: string } = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const plain = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '')
