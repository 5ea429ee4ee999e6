import { defineConfig } from 'astro-gemini-image/config'

export default defineConfig({
  // All pictures at once come to about a dollar; the default would stop just below.
  budget: 2,
  styles: {
    linocut: `A hand-pulled linocut in a few flat inks on warm, uncoated paper: bold shapes, gouge
marks that follow the light, slightly uneven ink, a rough printed edge inside a narrow paper margin.
No lettering.`,
  },
})
