/** What the user must hear and mend: one clear line and an exit code. Caught by `main`, never a bug. */
export class Refused extends Error {
  readonly code: number
  constructor(message: string, code = 2) {
    super(message)
    this.name = 'Refused'
    this.code = code
  }
}
