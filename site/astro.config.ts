import starlight from '@astrojs/starlight'
import { defineConfig } from 'astro/config'
import geminiImage from 'astro-gemini-image'
import { markdownPages } from './markdown-pages.ts'
import { sidebar } from './sidebar.ts'

export default defineConfig({
  integrations: [
    geminiImage(),
    markdownPages(),
    starlight({
      title: 'gemini-image',
      description: 'Images as code: prompts beside components, pictures pinned in a lockfile.',
      favicon: '/favicon.svg',
      sidebar: sidebar(),
      customCss: ['./src/styles/site.css'],
      // The pages are those of ../docs.
      markdown: { processedDirs: ['../docs'] },
      expressiveCode: {
        themes: ['github-dark', 'github-light'],
        shiki: { langAlias: { gitattributes: 'ini', 'go-html-template': 'html' } },
      },
    }),
  ],
  devToolbar: { enabled: false },
})
