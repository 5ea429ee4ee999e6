import { createFileRoute } from '@tanstack/react-router'
import { geminiImage } from 'unplugin-gemini-image/macro'
import hero, { alt } from '../hero.prompt.md?gemini-image'

export const Route = createFileRoute('/')({ component: Home })

function Home() {
  const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
  return (
    <main>
      <img id="hero" src={hero} alt={alt} />
      <img id="leaf" src={leaf.src} alt={leaf.alt} />
    </main>
  )
}
