import type { RenderedPicture } from 'unplugin-gemini-image/rendered-picture'
import arrival from './pictures/arrival.prompt.md?preset=card&as=picture&gemini-image'
import dining from './pictures/dining.prompt.md?preset=card&as=picture&gemini-image'
import viaduct, {
  model,
  prompt,
} from './pictures/viaduct.prompt.md?preset=wide&as=picture&gemini-image'

function show(id: string, { sources, img, color, placeholder }: RenderedPicture): void {
  const picture = document.createElement('picture')
  for (const source of sources) {
    picture.append(Object.assign(document.createElement('source'), source))
  }
  const image = Object.assign(document.createElement('img'), img)
  image.style.background = `${color} url("${placeholder}") center / cover`
  picture.append(image)
  document.getElementById(id)?.append(picture)
}

function paragraph(text: string): HTMLParagraphElement {
  const element = document.createElement('p')
  element.textContent = text
  return element
}

show('viaduct', viaduct)
show('dining', dining)
show('arrival', arrival)
document.getElementById('prompt')?.append(paragraph(prompt), paragraph(`Drawn by ${model}`))
