export { default as GeneratedImageCredits } from './GeneratedImageCredits.astro'
