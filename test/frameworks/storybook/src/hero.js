import { geminiImage } from 'unplugin-gemini-image/macro'
import hero, { alt } from './hero.prompt.md?gemini-image'

export function createHero() {
  const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
  return `
    <img id="hero" src="${hero}" alt="${alt}">
    <img id="leaf" src="${leaf.src}" alt="${leaf.alt}">`
}
