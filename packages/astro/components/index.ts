export { default as GeminiImage } from './GeminiImage.astro'
export { default as GeminiPicture } from './GeminiPicture.astro'
export { default as GeneratedImageCredits } from './GeneratedImageCredits.astro'
export { default as OgTags } from './OgTags.astro'
