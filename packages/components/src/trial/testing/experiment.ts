/** From YAML to a resolved configuration, the way a hub goes, for tests. */
import { parse, plan, type ResolvedConfig, resolve, variantAt } from '@flambe/language'
import { describeAll } from '../../catalogue/describe.ts'
import { registered } from '../../core/registry.ts'

/** The configuration of the first variant of a block. Throws the problems of a wrong file. */
export function resolved(pipeline: string, block: string): ResolvedConfig {
  const text = `!Experiment\nname: test\nseed: 1\npipeline:\n${pipeline.replace(/^/gm, '  ')}\n`
  const parsed = parse(text, { file: 'test.yaml' })
  const { plan: made, problems } =
    parsed.experiment === null
      ? { plan: null, problems: parsed.problems }
      : plan(parsed.experiment, { catalogue: describeAll(registered()) })
  const variant = made === null ? undefined : variantAt(made, block, 0)
  if (made === null || variant === undefined) throw new Error(problems.map(p => `${p.path}: ${p.message}`).join('\n'))
  return resolve(made, variant)
}
