import { scanProject } from '@gemini-image/core/internal'

/** A prompt to begin with. */
export interface Sample {
  /** The name of its file, without `.prompt.md`. */
  readonly name: string
  /** What it makes, for people. */
  readonly what: string
  readonly text: string
}

/** One of each kind that guides begin with: a photograph, words in a picture, and something to cut out. */
export const SAMPLES: readonly [Sample, ...Sample[]] = [
  {
    name: 'lake',
    what: 'a photograph, wide enough for the head of a page',
    text: `---
aspectRatio: 16:9
alt: A wooden rowing boat on a still mountain lake at sunrise
---

A wide-angle photograph of a wooden rowing boat on a still mountain lake at sunrise. Mist lies on the water, and the
first light touches the peaks behind it. Shot from low above the surface, with every plank of the boat in focus.
`,
  },
  {
    name: 'logo',
    what: 'a logo with words in it, from a template',
    text: `---
template: text-in-image
slots:
  kind: a round logo for a small bakery
  text: Morning Crumb
  font: a bold, rounded sans-serif
  design: a loaf that rises like the sun
  palette: dark brown on cream
alt: Morning Crumb
---
`,
  },
  {
    name: 'fox',
    what: 'a figure without a background, to lay over anything',
    text: `---
transparent: true
alt: A small clay fox that sits and looks up
---

A friendly fox, seated and looking up, as a small figure of bright clay. Thumb prints show in its fur, and soft light
falls on it from the upper left.
`,
  },
]

/** Whether a project declares a picture already, in a prompt file or where it is shown. */
export async function hasDeclarations(root: string): Promise<boolean> {
  const { promptFiles, inline } = await scanProject(root, [])
  return promptFiles.length + inline.size > 0
}
