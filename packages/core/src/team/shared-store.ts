/**
 * Where a team keeps what it has paid for: named bytes that several machines read and write.
 *
 * What is kept, by key:
 *
 * - `objects/<sha256>`: a picture's bytes;
 * - `results/<fingerprint>`: what was answered, as JSON;
 * - `leases/<fingerprint>/<n>`: who is paying for it right now, a line of JSON. A store may forget
 *   these a day after they were last written;
 * - `probe/<random>`: written, looked at and deleted once a run.
 *
 * A key is made of names of letters, digits, `.`, `_` and `-`, joined by `/`; no key is the folder of
 * another. Values are whole: what `get` gives is what one `put` or `create` wrote, never a part of
 * it, and what was written is seen by every `get` that begins afterwards.
 *
 * Calls come side by side: up to eight for pictures, and a few for each lease. Any of them may throw;
 * what is not a `GeminiImageError` is told as `STORE_UNAVAILABLE`.
 */
export interface SharedStore {
  /** What messages call it: `s3://bucket/prefix`. Without credentials: it is printed. */
  readonly name: string
  /** The bytes, or `undefined` where there are none. Called once for each picture that is lost here. */
  get(key: string): Promise<Uint8Array | undefined>
  /** Whether there are bytes. Called where nothing is to be moved: for plans, and before uploads. */
  has(key: string): Promise<boolean>
  /** Writes bytes, over what is there. Never called where the store is only read. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /**
   * Writes bytes if the key is free, in one step that no other machine can come between; says whether
   * it did. `false` may also mean that a lost attempt of the same call wrote them: whoever must know
   * reads them back.
   *
   * Leases stand on this alone. Without it, two machines that want the same picture at the same time
   * may both pay for it.
   * @throws {GeminiImageError} `STORE_UNCONDITIONAL` where the server turns out not to know how.
   */
  create?(key: string, bytes: Uint8Array): Promise<boolean>
  /** Deletes what is there; nothing there is no error. */
  delete(key: string): Promise<void>
  /**
   * Ends what is under way with an error, because a person does not want to wait for it; what is asked
   * afterwards is answered. Worth having where a server that hangs would be waited for long.
   */
  cutOff?(): void
  /** Closes connections, so that the process can end. Called once, at the end of a run. */
  close?(): Promise<void>
}

/** A store that leases can stand on. */
export type LeasableStore = SharedStore & Required<Pick<SharedStore, 'create'>>

/** Whether a store offers {@link SharedStore.create}. Whether it keeps its word is another matter. */
export function isLeasable(store: SharedStore): store is LeasableStore {
  return store.create !== undefined
}
