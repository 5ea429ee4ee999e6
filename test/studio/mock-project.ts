import type {
  Overview,
  PictureDetails,
  PictureItem,
  PictureState,
  ShownImage,
} from '../../packages/studio/src/protocol.ts'
import { scene, type Scene } from './scenes.ts'

/** A project in memory, with a picture in each state. */
export interface MockProject {
  overview: Overview
  readonly details: Map<string, Partial<PictureDetails>>
  readonly scenes: Map<string, Scene>
}

const RATIOS: readonly (readonly [number, number])[] = [
  [1376, 768],
  [1024, 1024],
  [768, 1376],
  [1264, 848],
  [896, 1200],
  [2048, 512],
]

const SUBJECTS = ['lighthouse', 'orchard', 'harbour', 'glacier', 'market', 'workshop', 'dune']

const WHY: Readonly<Partial<Record<PictureState, string>>> = {
  missing: 'GEMINI_API_KEY is not set, so nothing can be generated.',
  stale: 'The prompt has changed since this picture was generated.',
  refused: 'Google refused it: the prompt may describe a real person (PROHIBITED_CONTENT).',
  pending: 'Batch job gemini-image-4f2a was asked for it 2 hours ago.',
}

/** @param states Of the pictures, in order. */
export function mockProject(states: readonly PictureState[]): MockProject {
  const project: MockProject = {
    overview: {
      name: 'lighthouse-blog',
      canGenerate: true,
      generatesOnSave: false,
      pictures: [],
      problems: [],
      money: { today: '$0.12', month: '$3.41', branch: '$0.40', missing: undefined },
    },
    details: new Map(),
    scenes: new Map(),
  }
  const pictures = states.map((state, index) => mockPicture(project, state, index))
  const missing = pictures.filter(({ state }) => state === 'missing' || state === 'stale').length
  const money = missing > 0 ? `$${(missing * 0.04).toFixed(2)}` : undefined
  project.overview = {
    ...project.overview,
    pictures,
    money: { ...project.overview.money, missing: money },
  }
  return project
}

/** Paints a picture, which the server then serves. */
export function paint(
  project: MockProject,
  seed: number,
  of: Pick<PictureItem, 'width' | 'height'>,
): ShownImage {
  const painted = scene(seed, of.width, of.height)
  project.scenes.set(painted.image.key, painted)
  return painted.image
}

function mockPicture(project: MockProject, state: PictureState, index: number): PictureItem {
  const [width, height] = RATIOS[(index * 5) % RATIOS.length] ?? [1024, 1024]
  const subject = SUBJECTS[index % SUBJECTS.length] ?? ''
  const name =
    index < SUBJECTS.length ? subject : `${subject}-${Math.floor(index / SUBJECTS.length) + 1}`
  const folder = index < 7 ? 'src/pages' : `src/content/blog`
  const id = `${folder}/${name}.prompt.md`
  const isShown = state !== 'missing' && state !== 'refused' && state !== 'pending'
  const image = isShown ? paint(project, index, { width, height }) : undefined
  return {
    id,
    fingerprint: index.toString(16).padStart(64, '0'),
    name,
    label: id,
    place: `${id}:5:1`,
    folder,
    kind: 'prompt file',
    state,
    why: WHY[state],
    progress:
      state === 'generating' ? { startedAt: Date.now() - 6000, expectedMs: 14_000 } : undefined,
    isUnused: index === 8,
    prompt: `A ${subject} at dusk, as a risograph print in three colours, seen from the sea.\nNo people, no text.`,
    alt: index % 3 === 0 ? `A ${subject} at dusk` : undefined,
    model: 'gemini-3-pro-image',
    price: index % 5 === 0 ? '$0.13' : '$0.04',
    image,
    width,
    height,
    variants: index === 0 ? 4 : 1,
    blur: image && project.scenes.get(image.key)?.blur,
  }
}

/** All that the page may ask of one picture. */
export function detailsOf(project: MockProject, item: PictureItem): PictureDetails {
  const more = project.details.get(item.id)
  return {
    ...item,
    turns: [],
    settings: { aspectRatio: '16:9', size: '1K', ...(item.alt !== undefined && { alt: item.alt }) },
    choices: [{ number: 1, isPicked: true, image: item.image }],
    former: [],
    references: [],
    referredBy: [],
    usedIn: ['src/pages/index.astro:12:3'],
    againPrice: '$0.04',
    turnPrice: '$0.05',
    altPrice: '$0.001',
    created: '2026-11-12T09:30:00Z',
    can: { generate: true, edit: true, pick: true, adopt: true, delete: true },
    ...more,
  }
}

/** The first picture has variants, former pictures, references, and others that refer to it. */
export function furnish(project: MockProject): void {
  const [first, second, third] = project.overview.pictures
  if (!first?.image || !second || !third) throw new Error('There are too few pictures.')
  const variants = [first.image, ...[101, 102, 103].map((seed) => paint(project, seed, first))]
  project.details.set(first.id, {
    settings: {
      aspectRatio: '16:9',
      size: '1K',
      variants: 4,
      alt: 'A lighthouse at dusk',
      seed: 42,
    },
    choices: variants.map((image, index) => ({ number: index + 1, isPicked: index === 0, image })),
    former: [120, 121].map((seed, index) => ({
      key: `former-${seed}`,
      image: paint(project, seed, first),
      model: 'gemini-2.5-flash-image',
      created: `2026-10-${20 - index}T10:00:00Z`,
      price: '$0.04',
      prompt: 'A lighthouse, as an oil painting.',
      whyNot: index === 0 ? undefined : 'Its bytes are no longer in the store.',
    })),
    references: [
      { label: second.label, id: second.id, image: second.image },
      {
        label: 'brand/palette.png',
        id: undefined,
        image: paint(project, 130, { width: 800, height: 600 }),
      },
    ],
    referredBy: [{ id: third.id, label: third.label }],
    usedIn: ['src/pages/index.astro:12:3', 'src/layouts/Base.astro:3:1'],
  })
}
