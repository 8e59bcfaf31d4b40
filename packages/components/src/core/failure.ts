/**
 * Errors with a meaning for the engine. Everything else that a component throws is a user-code failure. The trial process
 * turns them into failure classes (trial/ending.ts); libraries and extensions may throw ConfigurationError themselves.
 */

/** What the user wrote cannot work: never retried. `path` is the key path in the document, '' when there is none. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly path: string

  constructor(message: string, path = '') {
    super(path === '' ? message : `${path}: ${message}`)
    this.path = path
  }
}

/** A save folder that cannot be loaded: damaged, of another class or version, or not self-contained. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
}
