/** Runs the import rules of .dependency-cruiser.mjs over the sources; exits 1 on a violation, or when nothing was cruised. */
import { cruise } from 'dependency-cruiser'
import config from '../.dependency-cruiser.mjs'

/** @param {string[]} paths @param {string} [baseDir] */
export async function check(paths, baseDir = process.cwd()) {
  const { output } = await cruise(paths, {
    ...config.options,
    ruleSet: { forbidden: config.forbidden },
    validate: true,
    baseDir,
  })
  const { summary } = typeof output === 'string' ? JSON.parse(output) : output
  return {
    cruised: summary.totalCruised,
    violations: summary.violations.map(v => ({ rule: v.rule.name, from: v.from, to: v.to })),
  }
}

if (import.meta.main ?? process.argv[1]?.endsWith('imports.mjs')) {
  const { cruised, violations } = await check(['packages', 'apps/web/src', 'apps/web/server', 'agents', 'e2e'])
  for (const v of violations) process.stderr.write(`${v.rule}: ${v.from} -> ${v.to}\n`)
  process.stdout.write(`imports: ${cruised} modules cruised, ${violations.length} violations\n`)
  if (cruised < 50) process.stderr.write('imports: almost nothing was cruised; is the parser (@swc/core) there?\n')
  process.exit(violations.length > 0 || cruised < 50 ? 1 : 0)
}
