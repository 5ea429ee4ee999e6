import type { GoogleGenAI } from '@google/genai'

/** A version of Google's image-generation guide; `000` is the newest. */
export type GuideVersion = '000' | '001' | '002' | '003' | '004'

/** What a version is known by. Its lines are those of its text, saved as it stood. */
export interface VersionRow {
  readonly version: GuideVersion
  /** What tells it from the others. */
  readonly knownBy: string
  /** The API that its samples ask. */
  readonly api: string
  /** What of it is there. */
  readonly holds: string
}

export const VERSIONS: readonly VersionRow[] = [
  {
    version: '000',
    knownBy: 'Nano Banana 2 and Pro as previews; the newest',
    api: 'Interactions',
    holds: 'samples in Python, JavaScript and REST',
  },
  {
    version: '001',
    knownBy: 'Gemini 2.5 Flash Image as a preview; the oldest',
    api: 'generateContent',
    holds: 'the open tab of each sample',
  },
  {
    version: '002',
    knownBy: 'Gemini 2.5 Flash Image beside Gemini 3 Pro Image as a preview',
    api: 'generateContent',
    holds: 'the open tab of each sample',
  },
  {
    version: '003',
    knownBy: 'the same two models, with batch jobs',
    api: 'generateContent',
    holds: 'samples in JavaScript and REST',
  },
  {
    version: '004',
    knownBy: 'updated on 2025-12-18',
    api: 'generateContent',
    holds: 'its end, from the last sample prompt on',
  },
]

/** Lines of versions, in the notation of the catalogue: `000:42`. */
export type LineName = `${GuideVersion}:${number}`

/** What stands above a code block, or on a tab. */
export type Label =
  | 'Python'
  | 'JavaScript'
  | 'Javascript'
  | 'Java'
  | 'Go'
  | 'REST'
  | 'JSON'
  | 'Template'
  | 'Prompt'

/** A heading or a paragraph of the guide. */
export interface SectionRow {
  /** What it says, in our own words. */
  readonly says: string
  readonly at: readonly LineName[]
  /** Titles of the capabilities that do it. */
  readonly done?: readonly string[]
  /** In place of a capability: what there is, or why it is left out. */
  readonly instead?: string
}

/** A limit, a figure, a default or a piece of advice. */
export interface LimitRow {
  readonly says: string
  readonly at: readonly LineName[]
  readonly heldBy: readonly Holder[]
  /** Files of tests, from the root of the repository. */
  readonly tests: readonly string[]
}

/** Where a limit is held. */
export type Holder =
  | { readonly catalogue: string }
  | { readonly error: string }
  | { readonly lint: string }
  | { readonly setting: string }
  /** A page of the docs, with what it says. */
  | { readonly docs: string; readonly says: string }

/** A code sample, in every language and version that shows it. */
export interface SampleRow {
  /** What it shows, in our own words. */
  readonly shows: string
  /** The title of the capability that stands for it. */
  readonly as: string
  readonly prints: readonly Print[]
  /** What proves it, where it asks for no picture. */
  readonly test?: string
}

/** A sample as one version prints it. */
export interface Print {
  readonly version: GuideVersion
  /** The line of the label, or of the tab. */
  readonly lines: Readonly<Partial<Record<Label, number>>>
  /** Absent where no request stands there: a closed tab, a template, a loop over an answer. */
  readonly asks?: Asked
}

/** A request that a sample makes, and the declaration that asks for the same. */
export interface Asked {
  readonly api: 'generate-content' | 'interactions'
  readonly model: string
  /** Whether it goes on from an answer, which therefore has to come. @default false */
  readonly goesOn?: true
  /** Makes the calls of the sample; gives the body of the last. */
  send(client: SampleClient, material: Material): Promise<object>
  readonly declared: Declared
}

/** A declaration that stands for a sample. */
export interface Declared {
  /** Where its words come from: the first line that prints it. */
  readonly name: LineName
  /** Lines of frontmatter besides `model` and `transport`. `NEXT` stands for the words of its turn. */
  readonly settings: readonly string[]
  /** Reference images, in order. */
  readonly images: readonly string[]
  /** Whether they stand before the words. @default false */
  readonly imagesFirst?: boolean
  /** Whether Google keeps the conversation. @default false */
  readonly serverState?: boolean
  /** Differences of this sample alone, by id. @default none */
  readonly differs?: readonly string[]
}

/** What a sample is filled with; its own sentences are Google's. */
export interface Material {
  readonly words: string
  /** The words of a second turn. */
  readonly next: string
  image(file: string): WirePicture
}

/** An image as `inlineData` holds it. */
export interface WirePicture {
  readonly mimeType: string
  readonly data: string
}

/** Google's SDK at a server that writes down what it is sent. */
export interface SampleClient {
  readonly ai: GoogleGenAI
  /** The body that came last. */
  last(): object
}
