/**
 * What ends the agent with one clear line: a wrong address, a refused token, a second agent in the same home. Thrown
 * anywhere, printed by main.ts and nowhere else. Everything that is not one of these is a bug and ends with exit code 3.
 */
export class Complaint extends Error {
  /** 2: wrong usage, or refused by the hub; 3: internal. */
  readonly exitCode: 2 | 3

  constructor(line: string, exitCode: 2 | 3 = 2) {
    super(line)
    this.name = 'Complaint'
    this.exitCode = exitCode
  }
}
