/**
 * AWS Signature Version 4 for one GET of S3 (docs.aws.amazon.com, "Signature Calculations for the Authorization Header"). Called by
 * s3-request.ts. Forty lines on node:crypto instead of a library: the agent is one file without dependencies, and reads objects only.
 */
import { createHash, createHmac } from 'node:crypto'

export interface S3Credentials {
  readonly accessKey: string
  readonly secretKey: string
  /** Of temporary credentials. */
  readonly sessionToken: string | null
  readonly region: string
}

/**
 * Headers that make the request an authorized one: those given, date, hash of the empty body, and `authorization`. `url` holds the path
 * and query as they are sent, each part encoded with `encodeSegment`, the query sorted. `at`: ms since the epoch.
 */
export function signedHeaders(
  url: URL,
  given: { readonly [name: string]: string },
  { accessKey, secretKey, sessionToken, region }: S3Credentials,
  at: number,
): { readonly [name: string]: string } {
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  const headers: { [name: string]: string } = {
    ...given,
    'x-amz-content-sha256': sha256(''),
    'x-amz-date': time,
    ...(sessionToken === null ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const all = Object.entries({ ...headers, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1))
  const names = all.map(([name]) => name).join(';')
  const listed = all.map(([name, value]) => `${name}:${value.trim()}\n`).join('')
  const canonical = ['GET', url.pathname, url.search.slice(1), listed, names, sha256('')].join('\n')
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretKey}`)
  const signature = hmac(key, text).toString('hex')
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope},SignedHeaders=${names},Signature=${signature}`
  return headers
}

/** RFC 3986: `encodeURIComponent` leaves five letters alone that a signature wants encoded. */
export const encodeSegment = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
