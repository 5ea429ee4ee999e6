// Compiled by `pnpm typecheck`: what the macro takes and gives, and what it does not.
import { geminiImage, type GeneratedImage } from 'unplugin-gemini-image/macro'

export const leaf: GeneratedImage = geminiImage({ prompt: 'An oak leaf' })
export const known: 'jpeg' | 'png' | 'webp' = leaf.format
export const texts: string[] = [leaf.src, leaf.alt, leaf.prompt, leaf.model, leaf.text]
export const pixels: number[] = [leaf.width, leaf.height]
export const credits: string[] = leaf.grounding?.sources.map(({ url }) => url) ?? []

geminiImage({ template: 'sticker', slots: { subject: 'A fox' }, alt: '' })
geminiImage({
  prompt: 'All of it',
  alt: 'All',
  model: 'nano-banana-pro',
  aspectRatio: '16:9',
  size: '2K',
  references: ['./a.png', { image: './b.prompt.md', as: 'character', label: 'Anna' }],
  turns: ['At night', { prompt: 'Wider', aspectRatio: '21:9' }],
  style: ['brand', './print.style.md'],
  vars: { season: 'autumn', year: 2027 },
  system: 'Draw plainly',
  seed: 4,
  temperature: 0.5,
  safety: { harassment: 'only-high' },
  thinking: 'high',
  keepThoughts: true,
  grounding: { web: true },
  fresh: '1d',
  variants: 4,
  pick: 2,
  output: 'text-and-image',
  transport: 'interactions',
  transparent: { key: '#00ff00' },
})

// @ts-expect-error nothing is declared
geminiImage()
// @ts-expect-error neither a prompt nor a template
geminiImage({})
// @ts-expect-error neither a prompt nor a template
geminiImage({ alt: 'A leaf', size: '2K' })
// @ts-expect-error not an object
geminiImage('An oak leaf')
// @ts-expect-error one declaration at a time
geminiImage({ prompt: 'One' }, { prompt: 'Two' })
// @ts-expect-error no such setting
geminiImage({ prompt: 'A leaf', aspect_ratio: '16:9' })
// @ts-expect-error no such setting
geminiImage({ prompt: 'A leaf', apiKey: 'secret' })
// @ts-expect-error a prompt is text
geminiImage({ prompt: ['A leaf'] })
// @ts-expect-error no such template
geminiImage({ template: 'stiker' })
// @ts-expect-error a list
geminiImage({ prompt: 'A leaf', references: './a.png' })
// @ts-expect-error no such role
geminiImage({ prompt: 'A leaf', references: [{ image: './a.png', as: 'background' }] })
// @ts-expect-error a turn has a prompt
geminiImage({ prompt: 'A leaf', turns: [{ size: '2K' }] })
// @ts-expect-error a number
geminiImage({ prompt: 'A leaf', seed: 'many' })
// @ts-expect-error no such level
geminiImage({ prompt: 'A leaf', thinking: 'deep' })
// @ts-expect-error no such threshold
geminiImage({ prompt: 'A leaf', safety: { harassment: 'never' } })
// @ts-expect-error no such lookup
geminiImage({ prompt: 'A leaf', grounding: { maps: true } })
// @ts-expect-error no such output
geminiImage({ prompt: 'A leaf', output: 'video' })

// @ts-expect-error most pictures are not grounded
export const chips: string = leaf.grounding.searchSuggestions
// @ts-expect-error a picture has no such property
export const { cost } = leaf
// @ts-expect-error what is pinned is not to be changed
leaf.src = '/other.jpg'

// Any model may be meant where none is named, and a project has models of its own.
geminiImage({ prompt: 'A leaf', aspectRatio: '8:1', size: 512 })
geminiImage({ prompt: 'A leaf', model: 'house-model', aspectRatio: '7:3', size: '8K' })
geminiImage({ prompt: 'A leaf', model: 'nano-banana', aspectRatio: '8:1', size: 512 })
geminiImage({ prompt: 'A leaf', model: 'gemini-3.1-flash-image', aspectRatio: '1:8', size: '512' })
// @ts-expect-error this model draws no such banner
geminiImage({ prompt: 'A leaf', model: 'gemini-2.5-flash-image', aspectRatio: '8:1' })
// @ts-expect-error nor does this alias
geminiImage({ prompt: 'A leaf', model: 'nano-banana-pro', aspectRatio: '1:4' })
// @ts-expect-error Imagen draws five ratios
geminiImage({ prompt: 'A leaf', model: 'imagen-4.0-generate-001', aspectRatio: '21:9' })
// @ts-expect-error this model draws one size
geminiImage({ prompt: 'A leaf', model: 'gemini-3.1-flash-lite-image', size: '4K' })
// @ts-expect-error only one model draws so small
geminiImage({ prompt: 'A leaf', model: 'nano-banana-pro', size: 512 })
