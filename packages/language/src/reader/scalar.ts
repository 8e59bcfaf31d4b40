/**
 * Scalars: YAML 1.2 core values that keep how they were written, since `10` and `10.0` differ for `!s`. Called by
 * `convert`. Whole numbers that JavaScript cannot hold are a Problem.
 */
import type { Scalar } from 'yaml'
import type { AstTarget } from './ast.ts'
import { type Birth, bad, type Conversion } from './conversion.ts'

const WHOLE = /^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/

export function readScalar(node: Scalar, birth: Birth, context: Conversion): AstTarget {
  const text = scalarText(node)
  const value = node.value
  const wanted = node.tag?.startsWith('tag:yaml.org,2002:') ? node.tag.slice('tag:yaml.org,2002:'.length) : null
  if (wanted !== null && wanted !== 'str') return readAs(wanted, text, birth, context)
  if (typeof value === 'number') {
    const int = WHOLE.test(text)
    if (int && !Number.isSafeInteger(value)) return tooBig(text, birth, context)
    // JSON has no -0.
    return { ...birth, kind: 'scalar', value: value === 0 ? 0 : value, text, int }
  }
  if (value === null || typeof value === 'boolean') return { ...birth, kind: 'scalar', value, text, int: false }
  return { ...birth, kind: 'scalar', value: typeof value === 'string' ? value : text, text, int: false }
}

/** As written, without quotes; block scalars as their content. */
export function scalarText(node: Scalar): string {
  if (typeof node.source === 'string') return node.source
  return typeof node.value === 'string' ? node.value : ''
}

/** A value under `!!int`, `!!float`, `!!bool` or `!!null`, quoted or not. */
function readAs(wanted: string, text: string, birth: Birth, context: Conversion): AstTarget {
  const scalar = (value: null | boolean | number, int: boolean): AstTarget => ({
    ...birth,
    kind: 'scalar',
    value: value === 0 ? 0 : value,
    text,
    int,
  })
  if (wanted === 'int' && WHOLE.test(text)) {
    const value = Number(text)
    return Number.isSafeInteger(value) ? scalar(value, true) : tooBig(text, birth, context)
  }
  if (wanted === 'float') {
    const value = floatOf(text)
    if (value !== null) return scalar(value, false)
  }
  if (wanted === 'bool' && /^(true|True|TRUE|false|False|FALSE)$/.test(text)) return scalar(/^t/i.test(text), false)
  if (wanted === 'null' && /^(~|null|Null|NULL|)$/.test(text)) return scalar(null, false)
  return bad(
    { rule: 'wrong-type', span: birth.span, message: `\`${text}\` is not of the type !!${wanted}` },
    birth,
    context,
  )
}

function floatOf(text: string): number | null {
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text) ? Number(text) : null
}

function tooBig(text: string, birth: Birth, context: Conversion): AstTarget {
  const message = `the whole number ${text.length > 40 ? `${text.slice(0, 40)}...` : text} is beyond 2^53 and would lose digits`
  return bad({ rule: 'big-integer', span: birth.span, message, hint: 'quote it to keep it as a text' }, birth, context)
}
