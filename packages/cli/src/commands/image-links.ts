/** Addresses under which a code host shows the pictures of a commit. */
export interface ImageLinks {
  /** The address of an object as it is now. */
  after(file: string): string
  /** The address of an object as it was in the commit that is compared with. */
  before(file: string): string
}

/**
 * GitHub and GitLab show a file of a commit to everyone who may see the repository; elsewhere the
 * path in the repository must do.
 * @param prefix The site's path from the top of the repository, with a slash at the end.
 * @param base The commit that is compared with.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function imageLinks(
  prefix: string,
  env: Readonly<Record<string, string | undefined>>,
  base: string | undefined,
): ImageLinks {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, CI_PROJECT_URL } = env
  const link = (commit: string | undefined, file: string): string => {
    const segments = `${prefix}.gemini-image/${file}`.split('/')
    const path = segments.map(encodeURIComponent).join('/')
    if (!commit) return path
    if (GITHUB_SERVER_URL && GITHUB_REPOSITORY) {
      return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${commit}/${path}?raw=true`
    }
    return CI_PROJECT_URL ? `${CI_PROJECT_URL}/-/raw/${commit}/${path}` : path
  }
  const now = env['GITHUB_SHA'] || env['CI_COMMIT_SHA']
  return {
    after: (file) => link(now, file),
    before: (file) => link(base ?? now, file),
  }
}
