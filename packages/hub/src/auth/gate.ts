/**
 * Who may even knock (S4): the Host header must be a name that this hub answers to, against DNS rebinding; the Origin must
 * be exactly the page's own, against requests that other sites make with a person's cookie. Pure; called first by
 * `http/handle.ts` for every request and by the three Socket.IO servers for every handshake and upgrade.
 */
const ALWAYS = ['localhost', '127.0.0.1', '[::1]']

export interface Gate {
  /** False for a Host header that is absent, malformed or not on the list. The port is not looked at. */
  hostAllowed(host: string | undefined): boolean
  /** Origin of the page itself, that is `http(s)://` + Host. `absent` says whether there may be none. */
  originAllowed(origin: string | undefined, host: string | undefined, absent: boolean): boolean
}

export function createGate(names: readonly string[], webUrl: string | null): Gate {
  const hosts = new Set([...ALWAYS, ...names.map(n => n.toLowerCase())])
  const web = webUrl === null ? null : new URL(webUrl)
  if (web !== null) hosts.add(web.hostname.toLowerCase())
  return {
    hostAllowed: host => host !== undefined && hosts.has(hostname(host) ?? '\0'),
    originAllowed: (origin, host, absent) => {
      if (origin === undefined) return absent
      if (web !== null && origin === web.origin) return true
      return host !== undefined && origin === `http://${host.toLowerCase()}`
    },
  }
}

/** The name in a Host header, lower case, IPv6 in its brackets; null when the header has another form. */
function hostname(host: string): string | null {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i.exec(host)
  return found === null ? null : (found[1] as string).toLowerCase()
}
