/**
 * Next renders shells only: data, sockets, blobs and the security headers belong to the server that mounts it.
 */
import type { NextConfig } from 'next'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Types are checked by `tsc -p .` with the workspace's own compiler settings.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ['@flambe/hub', '@flambe/language', '@flambe/search'],
  devIndicators: false,
}

export default config
