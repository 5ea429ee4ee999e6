/**
 * Where a provider's credentials come from, and what must never reach anybody else. Data only: hosts read it before
 * they load anything.
 */
export interface Credentials {
  /** The variable that messages ask a person to set; empty where no key is needed. */
  readonly variable: string
  /** The variables that may hold a key; the first one that holds anything is used. Empty where credentials are no keys. */
  readonly variables: readonly string[]
  /** Where a person gets one. */
  readonly page: string
  /**
   * The variable that names another server to send credentials to. An env file may set it beside the key only, and
   * not at all where there are no keys.
   */
  readonly baseUrl: string
  /**
   * The variables that choose this provider where a configuration names none: the first that is set says `true`, or the
   * provider is not chosen. Env files can't set them. @default it is chosen by configuration alone
   */
  readonly chosenBy?: readonly [string, ...string[]] | undefined
  /** The variables that env files may set. */
  readonly inEnvFiles: RegExp
  /** The names of variables whose values no output may hold. */
  readonly secretNames: RegExp
  /** What a key looks like, as an extended regular expression that git and JavaScript read alike. */
  readonly keyPattern: string
  /** How messages call what looks so, behind "looks like". */
  readonly keyName: string
  /** How messages call what a key opens, behind "used for". */
  readonly api: string
  /** The names of variables that hold a key for this API; keys of the same shape may be meant to be public. */
  readonly ownNames: RegExp
}
