/** What Farm hands to a hook that resolves. */
export interface Resolving {
  readonly source: string
  /** From the root. */
  readonly importer: string | null
  readonly kind: unknown
}

/** What it takes from one. */
export interface Resolved {
  readonly resolvedPath: string
  readonly query: readonly (readonly [string, string])[]
  readonly sideEffects: boolean
  readonly external: boolean
  readonly meta: Readonly<Record<string, string>>
}

/** What Farm hands to hooks that load and transform. */
export interface Loading {
  readonly resolvedPath: string
  readonly query: readonly (readonly [string, string])[]
  readonly moduleType: string
  readonly content: string
}

/** What it takes from one that loads. */
export interface Loaded {
  readonly content: string
  readonly moduleType: string
}

/** What a hook can ask Farm for. */
export interface Context {
  resolve(
    asked: Resolving,
    hook: { readonly meta: Readonly<Record<string, unknown>>; readonly caller: string },
  ): Promise<Pick<Resolved, 'resolvedPath'> | null>
}

/** A site's configuration. */
export interface Configuration {
  readonly root?: string
  readonly compilation?: {
    readonly root?: string
    readonly assets?: { readonly include?: readonly string[] }
    readonly output?: { readonly path?: string }
  }
}
