/** Tells what takes long, where it does: nothing for what is there at once, or every trial would print it. Called by place.ts. */

/** `words` are told when `work` is not done after `patience` ms. */
export async function slowly<T>(
  words: string,
  tell: (words: string) => void,
  work: Promise<T>,
  patience = 1_000,
): Promise<T> {
  const timer = setTimeout(() => tell(words), patience)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
