export { openBackend } from './open.ts'
export { BACKENDS, type BackendName, type BackendOptions, BackendRefused, type Opened } from './opened.ts'
export { type Probed, probe } from './probe.ts'
