/** Errors of the file system as people read them. */

const WHY: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something that is no folder has this name',
  EISDIR: 'it is a folder',
  ELOOP: 'links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
}

/** What went wrong with a file or folder, in a few words; null when the error is none of the file system. */
export function fileTrouble(error: unknown): string | null {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return null
  return WHY[code] ?? (/^E[A-Z]+$/.test(code) ? code : null)
}
