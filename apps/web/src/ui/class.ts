/** Joins class names; later Tailwind classes win over earlier ones of the same kind. */
import { type ClassValue, clsx } from 'clsx'
import { twMerge } from 'tailwind-merge'

export function cx(...values: readonly ClassValue[]): string {
  return twMerge(clsx(values))
}
