import arrival, * as arrivalPicture from './pictures/arrival.prompt.md?gemini-image'
import dining, * as diningPicture from './pictures/dining.prompt.md?gemini-image'
import viaduct, {
  alt,
  height,
  model,
  prompt,
  width,
} from './pictures/viaduct.prompt.md?gemini-image'

interface Picture {
  readonly alt: string
  readonly width: number
  readonly height: number
}

function show(id: string, src: string, picture: Picture): void {
  const image = document.createElement('img')
  image.src = src
  image.alt = picture.alt
  image.width = picture.width
  image.height = picture.height
  document.getElementById(id)?.append(image)
}

function paragraph(text: string): HTMLParagraphElement {
  const element = document.createElement('p')
  element.textContent = text
  return element
}

show('viaduct', viaduct, { alt, width, height })
show('dining', dining, diningPicture)
show('arrival', arrival, arrivalPicture)
document.getElementById('prompt')?.append(paragraph(prompt), paragraph(`Drawn by ${model}`))
