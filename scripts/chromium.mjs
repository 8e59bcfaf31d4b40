/** Finds a Chromium for the browser tests, or installs Debian's when that is possible (root on a Debian system). */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export function findChromium() {
  const found = onPath()
  if (found !== null) return found
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('installing chromium from Debian for the browser tests (once) ...\n')
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    spawnSync('apt-get', ['update', '-qq'], quiet)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], quiet)
    const installed = onPath()
    if (installed !== null) return installed
  }
  process.stderr.write(
    'The browser tests need Chromium: install the package `chromium`, or put FLAMBE_CHROMIUM=/path/to/chromium in the environment.\n',
  )
  process.exit(3)
}

function onPath() {
  if (process.env.FLAMBE_CHROMIUM) return process.env.FLAMBE_CHROMIUM
  for (const dir of (process.env.PATH ?? '').split(delimiter))
    for (const name of ['chromium', 'chromium-browser', 'google-chrome'])
      if (existsSync(join(dir, name))) return join(dir, name)
  return null
}
