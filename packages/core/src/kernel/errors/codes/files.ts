/** Files of the project: what is pinned, and what is read. */
export const files = {
  CORRUPT_OBJECT: {
    meaning: 'A stored picture is not the one that the lockfile pins, or is not whole.',
    more: 'The bytes do not have the hash that the lockfile names: a tool has optimised or converted the file, a checkout is half done, or Git LFS has left a pointer. Restore the file from git, or from the shared store.',
    page: 'stores.md#when-things-go-wrong',
  },
  CORRUPT_LOCKFILE: {
    meaning: 'gemini-image.lock cannot be read.',
    more: 'Take the last good version from git. Pictures stay paid for as long as `.gemini-image/` and one version of the lockfile exist.',
    page: 'stores.md#when-things-go-wrong',
  },
  LOCK_TIMEOUT: {
    meaning: 'Another gemini-image process holds the project for too long, or has taken it over.',
    more: 'One process generates at a time, so that nothing is paid for twice.',
    page: 'stores.md#when-things-go-wrong',
  },
  WRITE_FAILED: {
    meaning: 'A file could not be written.',
    more: 'Check the space on the disk and the rights of the folder. A picture that was paid for meanwhile waits in the temporary folder for the next run.',
    page: 'stores.md#when-things-go-wrong',
  },
  FILE_OUTSIDE_ROOT: {
    meaning: 'A file lies outside the project, perhaps by way of a symbolic link.',
    page: 'declarations.md',
  },
  PRIVATE_FILE: {
    meaning: 'The text of a hidden or git-ignored file was about to be sent to a model.',
    more: 'Such files hold secrets. Rename the file, or take it out of `.gitignore`, if it belongs in a prompt.',
    page: 'declarations.md#styles-and-variables',
  },
  NOT_UTF8: {
    meaning: 'A text file is not saved as UTF-8.',
  },
  UNREADABLE_FILE: {
    meaning: 'A file of the project cannot be read, or is too large for its kind.',
  },
} as const
