import React from 'react'
import { geminiImage } from 'unplugin-gemini-image/macro'

const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })

export default function Leaf() {
  return <img id="leaf" src={leaf.src} alt={leaf.alt} />
}
