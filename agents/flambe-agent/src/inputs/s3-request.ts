/**
 * What an `s3://bucket/key` is asked for with: the address of the bucket by the agent's AWS_* variables, signed where it has
 * credentials. Called by urls.ts for objects and by s3-folder.ts for listings.
 */
import { encodeSegment, signedHeaders } from './s3-signature.ts'

export interface Request {
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  readonly redirect: 'follow' | 'manual'
}

export interface S3Place {
  readonly bucket: string
  /** Of an object, or the beginning of several. */
  readonly key: string
}

/** What is stored is what the server has: nothing may be packed on the way. */
export const PLAIN = { 'accept-encoding': 'identity' }

export const isS3 = (location: string): boolean => /^s3:/i.test(location)

/** Null for what names no place in a bucket. */
export function s3Place(location: string): S3Place | null {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/+(.+)$/is.exec(location) ?? []
  return key === '' || key.split('/').some(s => s === '.' || s === '..') ? null : { bucket, key }
}

/** A GET of the key; with `query`, of the bucket. */
export function s3Request(
  { bucket, key }: S3Place,
  env: NodeJS.ProcessEnv,
  query?: { readonly [name: string]: string },
): Request {
  const path = query === undefined ? key.split('/').map(encodeSegment).join('/') : ''
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1'
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || null
  const base = endpoint === null ? `https://s3.${region}.amazonaws.com` : endpoint.replace(/\/+$/, '')
  // A bucket with a dot fits no certificate, and servers that speak S3 know paths: only AWS itself wants the host.
  const url =
    endpoint === null && !bucket.includes('.')
      ? new URL(`https://${bucket}.s3.${region}.amazonaws.com/${path}`)
      : new URL(`${base}/${encodeSegment(bucket)}/${path}`)
  // Sorted and encoded as the signature wants it.
  url.search = Object.entries(query ?? {})
    .map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`)
    .sort()
    .join('&')
  const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey } = env
  // Without credentials it is asked for as anyone may: public buckets answer.
  if (!accessKey || !secretKey) return { url, headers: PLAIN, redirect: 'manual' }
  const credentials = { accessKey, secretKey, sessionToken: env.AWS_SESSION_TOKEN || null, region }
  return { url, headers: { ...PLAIN, ...signedHeaders(url, {}, credentials, Date.now()) }, redirect: 'manual' }
}
