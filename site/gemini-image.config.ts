import { defineConfig } from 'astro-gemini-image/config'

export default defineConfig({
  styles: {
    linocut: `A hand-pulled linocut in a few flat inks on warm, uncoated paper: bold shapes, gouge
marks that follow the light, a rough printed edge inside a narrow paper margin. No lettering.`,
  },
})
