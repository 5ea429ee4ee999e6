/**
 * Everything that the studio's page and its server say to each other. The page knows nothing else of a project.
 * @module
 */

/** Where a picture stands now. */
export type PictureState =
  /** There is a picture, and it is the one that the declaration asks for. */
  | 'pinned'
  /** The same, and a person brought the picture: nothing generated it. */
  | 'adopted'
  /** There is a picture of an earlier declaration, or the lockfile pins one that is lost. */
  | 'stale'
  /** There is none. */
  | 'missing'
  /** A call is under way. */
  | 'generating'
  /** The model refused it, and is not asked again by itself. */
  | 'refused'
  /** An open batch job was asked for it. */
  | 'pending'
  /** There is a picture that nothing declares any more. */
  | 'removed'

/** A file that the page can show. */
export interface ShownImage {
  /** The object's SHA-256, or that of a file of references. The page shows `thumbnail/<key>` and `image/<key>`. */
  readonly key: string
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
}

/** One of several pictures to choose from. */
export interface Choice {
  /** From 1. */
  readonly number: number
  readonly isPicked: boolean
  /** `undefined` while it is not generated. */
  readonly image: ShownImage | undefined
}

/** What a reviewer has said of the picture that is shown, and of no other. */
export interface Decision {
  readonly verdict: 'accepted' | 'rejected'
  /** Why; always there where it was rejected. */
  readonly word?: string | undefined
  /** ISO 8601. */
  readonly date: string
}

/** A picture in the list. */
export interface PictureItem {
  /** The declaration's, from the root: `src/hero.prompt.md`. What is declared inline has another once it says something else. */
  readonly id: string
  /** What decides the picture. A placeholder's file is named by its first twelve digits. */
  readonly fingerprint: string
  /** `hero`. */
  readonly name: string
  /** `src/hero.prompt.md`, with what tells it from others of the same file: `src/tiles.prompt.md?each=Spanish`. */
  readonly label: string
  /** `src/hero.prompt.md:3:1`: from the root, for people and for editors. */
  readonly place: string
  /** The folder of the declaring file, from the root: `src/pages`; empty at the root. */
  readonly folder: string
  readonly kind: 'prompt file' | 'frontmatter' | 'data file' | 'macro'
  readonly state: PictureState
  /** Why there is no (new) picture, in a sentence or two. */
  readonly why?: string | undefined
  /** Of a call that is under way. */
  readonly progress?: { readonly startedAt: number; readonly expectedMs: number } | undefined
  /** Whether nothing in the source asks for it, so that builds leave it alone. */
  readonly isUnused: boolean
  readonly prompt: string
  readonly alt: string | undefined
  /** The model that answered, or is to be asked. */
  readonly model: string
  /** What it cost, or what it may cost: `$0.04`, `$0.03 to $0.05`. */
  readonly price: string
  readonly image: ShownImage | undefined
  /** Pixels of the picture, or what it will have. */
  readonly width: number
  readonly height: number
  /** How many variants there are to choose from; 1 where there is no choice. */
  readonly variants: number
  /** What is seen before the picture is there: a data URL, or a CSS color. */
  readonly blur: string | undefined
  /** The last one; `undefined` where nobody has decided on this picture. */
  readonly decision?: Decision | undefined
  /** What a branch has changed of it; only on a page of changes. */
  readonly change?: PictureChange | undefined
}

/** What has become of a picture since a branch has left another. */
export interface PictureChange {
  readonly kind: 'new' | 'changed' | 'missing' | 'stale' | 'removed'
  /** What was there; `undefined` where nothing was, or its file is not to be had. */
  readonly before: ShownImage | undefined
  /** Why what was there can't be shown. */
  readonly whyNotBefore?: string | undefined
  /** In what the prompt differs; empty where it is the same, `undefined` where the one before is not known. */
  readonly words: readonly ChangedWords[] | undefined
}

/** A piece of a text of which there are two versions. */
export interface ChangedWords {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** A picture that was there before. */
export interface FormerPicture {
  /** What `goBack` takes. */
  readonly key: string
  /** `undefined` where its file is lost. */
  readonly image: ShownImage | undefined
  readonly model: string
  /** ISO 8601. */
  readonly created: string
  readonly price: string
  /** `undefined` where it is not known. */
  readonly prompt: string | undefined
  /** Whether one can go back to it; otherwise, why not. */
  readonly whyNot: string | undefined
}

/** A reference image, and the declaration that it belongs to, if any. */
export interface ShownReference {
  readonly label: string
  readonly id: string | undefined
  readonly image: ShownImage | undefined
}

/** All that the page shows of one picture. */
export interface PictureDetails extends PictureItem {
  /** What is asked after the prompt, in order. */
  readonly turns: readonly { readonly prompt: string; readonly image: ShownImage | undefined }[]
  /** Settings that the declaration states, as it states them. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly choices: readonly Choice[]
  readonly former: readonly FormerPicture[]
  readonly references: readonly ShownReference[]
  /** Declarations that refer to it: their pictures become missing when it changes. */
  readonly referredBy: readonly { readonly id: string; readonly label: string }[]
  /** Files that ask for it: `src/pages/index.astro:12:3`. */
  readonly usedIn: readonly string[]
  /** What another picture of it may cost. */
  readonly againPrice: string
  /** What a further turn may cost. */
  readonly turnPrice: string
  /** What a draft of its alternative text may cost. */
  readonly altPrice: string
  readonly created: string | undefined
  /** What the declaration may be asked to become. Why not, where it may not. */
  readonly can: Readonly<Record<Ability, true | string>>
}

/** What a person may do with a picture; it may be impossible for a reason. */
export type Ability = 'generate' | 'edit' | 'pick' | 'adopt' | 'delete'

/** A project at a glance. */
export interface Overview {
  /** The folder's name. */
  readonly name: string
  /** `true`, or why nothing can be generated, in words for people */
  readonly canGenerate: true | string
  /** Whether the server generates what a written file asks for, without being asked to. */
  readonly generatesOnSave: boolean
  readonly pictures: readonly PictureItem[]
  /** What is wrong in the source. */
  readonly problems: readonly { readonly message: string; readonly place: string | undefined }[]
  readonly money: Money
  /** Where it was written down once: nobody answers, and nothing can be changed. */
  readonly written?: Written | undefined
}

/** What a static page shows. */
export interface Written {
  /** `changes` of a branch, or `all` pictures. */
  readonly what: 'changes' | 'all'
  /** The ref that a branch was compared with. */
  readonly base?: string | undefined
  /** The commit that was looked at; `undefined` outside of git. */
  readonly commit?: string | undefined
}

/** US dollars in words; `undefined` where there is no ledger. */
export interface Money {
  readonly today: string | undefined
  readonly month: string | undefined
  /** `undefined` outside of git, or on the default branch. */
  readonly branch: string | undefined
  /** What generating everything that is missing may cost; `undefined` where nothing is missing. */
  readonly missing: string | undefined
  /** All that is pinned together. */
  readonly pinned?: string | undefined
}

/** All that a static page knows: it asks nobody. */
export interface WrittenPage {
  readonly overview: Overview & { readonly written: Written }
  /** By id. */
  readonly details: Readonly<Record<string, PictureDetails>>
  /** How the files in `images` end, by the keys of the pictures: `jpg`. */
  readonly files: Readonly<Record<string, string>>
}

/** A change of a declaration's source. */
export interface Change {
  /** The prompt's new text. */
  readonly prompt?: string
  /** Settings to state; `null` takes one away. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** What to change in the picture: one more turn. */
  readonly turn?: string
}

/** What an edit would do to the source. Nothing is written yet. */
export interface Proposal {
  /** From the root. */
  readonly file: string
  /** A unified diff. */
  readonly diff: string
  /** What `applyEdit` takes. */
  readonly token: string
  /** What generating it afterwards may cost; `undefined` where the picture stays pinned. */
  readonly price: string | undefined
}

/** Where a picture that a person brings comes from. */
export interface Adoption {
  readonly name: string
  /** The file's bytes, in base64. */
  readonly data: string
}

/**
 * What the page may ask of the server. Each may throw an error whose message is for people. Nothing here is reached by
 * a GET request.
 */
export interface StudioApi {
  overview(): Promise<Overview>
  /** `undefined` where nothing declares it any more. */
  details(id: string): Promise<PictureDetails | undefined>
  /**
   * Generates what is missing of pictures, and resolves once they have landed.
   * @param ask `again` asks for another picture, `retry` for one that was refused. Calls for a picture that is being
   *   generated join those under way: two clicks pay once.
   * @param budget The most that it may spend of the project's budget, in US dollars.
   */
  generate(
    ids: readonly string[],
    ask?: 'again' | 'retry',
    budget?: number,
  ): Promise<{ readonly spent: string }>
  proposeEdit(id: string, change: Change): Promise<Proposal>
  /**
   * Writes what a proposal has shown, and refuses where the file changed meanwhile.
   * @param token Of the proposal.
   * @returns The id of the declaration now: what is declared inline has another once it says something else.
   */
  applyEdit(token: string): Promise<{ readonly id: string }>
  pick(id: string, variant: number): Promise<void>
  goBack(id: string, key: string): Promise<void>
  /**
   * Pins a picture that a person brings, in the place of a generated one. It spends nothing.
   * @returns In what it differs from what is declared, in words.
   */
  adopt(id: string, adoption: Adoption): Promise<{ readonly hints: readonly string[] }>
  /** Proposes alternative text, and pays for it. */
  draftAlt(id: string): Promise<{ readonly alt: string; readonly spent: string }>
  /**
   * Writes down what a reviewer has decided on the picture that is shown.
   * @param word Why. Nothing is rejected without one.
   * @param key Of the picture that was looked at: it is refused where another has come in its place.
   */
  decide(id: string, verdict: Decision['verdict'], word?: string, key?: string): Promise<void>
  /** Deletes a prompt file. */
  remove(id: string): Promise<void>
  /** Opens a place in the editor: `src/hero.prompt.md:3:1`. */
  open(place: string): Promise<void>
}

/** The names of all functions of {@link StudioApi}: those that change nothing, and those that do. */
export const QUERIES = ['overview', 'details', 'proposeEdit'] as const
export const ACTIONS = [
  'generate',
  'applyEdit',
  'pick',
  'goBack',
  'adopt',
  'draftAlt',
  'decide',
  'remove',
  'open',
] as const

/** What stands before the names of all functions: `gemini-image:overview`. */
export const NAMESPACE = 'gemini-image'

/** What the server tells all pages: something has changed, look again. */
export const CHANGED = 'changed'
