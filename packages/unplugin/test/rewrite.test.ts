import { Source } from '@gemini-image/core/internal'
import { describe, expect, it } from 'vitest'
import { MAY_BE_REWRITTEN } from '../src/source/filters.ts'
import { rewriteSource } from '../src/source/rewrite.ts'

const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'"
const COMPONENTS = "import { GeminiImage } from 'astro-gemini-image/components'"

/** The rewritten text, with a short specifier in the place of each that imports a picture. */
async function rewritten(text: string, file = 'src/page.ts'): Promise<string | undefined> {
  const source = new Source(text, { file: `/site/${file}`, root: '/site' })
  const { code } = (await rewriteSource(source, ({ specifier }) => specifier)) ?? {}
  return code?.replaceAll(
    /"\/site\/[^"]+\?gemini-image&declared=[0-9a-f]{16}&as=object"/g,
    "'picture'",
  )
}

describe('rewriting', () => {
  it.each([
    [
      'an import becomes those of the pictures, each once',
      `'use client'\n${MACRO}\na(geminiImage({ prompt: 'A' }), geminiImage({ prompt: 'B' }), geminiImage({ prompt: ' A' }))`,
      `'use client'\nimport __geminiImage0 from 'picture';import __geminiImage1 from 'picture';\na(__geminiImage0, __geminiImage1, __geminiImage0)`,
    ],
    [
      'what stands behind an import stays a statement of its own',
      `${MACRO}; export const a = geminiImage({ prompt: 'A' })`,
      "import __geminiImage0 from 'picture'; export const a = __geminiImage0",
    ],
    [
      'types are still imported',
      "import { geminiImage as draw, type GeneratedImage as G } from 'unplugin-gemini-image/macro'\nconst a: G = draw({ prompt: 'A' })",
      "import __geminiImage0 from 'picture';import type { GeneratedImage as G } from 'unplugin-gemini-image/macro';\nconst a: G = __geminiImage0",
    ],
    ['an import that nothing uses goes', `${MACRO}\nexport {}`, ' \nexport {}'],
  ])('%s', async (_, before, after) => {
    expect(await rewritten(before)).toBe(after)
  })

  it.each([
    ['a module without our import', "geminiImage({ prompt: 'A' })"],
    ['types alone', "import type { GeneratedImage } from 'unplugin-gemini-image/macro'"],
    ['an import in a comment', `// ${MACRO}`],
  ])('leaves %s as it is', async (_, text) => {
    expect(await rewritten(text)).toBeUndefined()
  })

  it('gives each script of an Astro page the pictures that it names, and no others', async () => {
    const page = `---\n${MACRO}\n${COMPONENTS}\nconst a = geminiImage({ prompt: 'A' })\n---\n<GeminiImage prompt="T" alt="" />\n<script>\n${MACRO}\nshow(geminiImage({ prompt: 'B' }))\n</script>\n<script>\n${MACRO}\nshow(geminiImage({ prompt: 'A' }))\n</script>`
    expect(await rewritten(page, 'a.astro')).toBe(
      `---\nimport __geminiImage0 from 'picture';import __geminiImage2 from 'picture';\n${COMPONENTS}\nconst a = __geminiImage0\n---\n<GeminiImage picture={__geminiImage2}   />\n<script>\nimport __geminiImage1 from 'picture';\nshow(__geminiImage1)\n</script>\n<script>\nimport __geminiImage0 from 'picture';\nshow(__geminiImage0)\n</script>`,
    )
  })

  it('makes one module of the scripts of Vue and Svelte', async () => {
    const component = `<script>\n${MACRO}\nconst a = geminiImage({ prompt: 'A' })\n</script>\n<script setup>\n${MACRO}\nconst b = geminiImage({ prompt: 'B' })\n</script>`
    expect(await rewritten(component, 'a.vue')).toBe(
      "<script>\nimport __geminiImage0 from 'picture';import __geminiImage1 from 'picture';\nconst a = __geminiImage0\n</script>\n<script setup>\n \nconst b = __geminiImage1\n</script>",
    )
  })

  it.each(['', ' export const n = 1'])(
    'adds no empty statement behind an import with a semicolon, which MDX would not take',
    async (rest) => {
      const page = `${COMPONENTS};${rest}\n\n<GeminiImage prompt="A" />`
      expect(await rewritten(page, 'a.mdx')).toBe(
        `${COMPONENTS};import __geminiImage0 from 'picture';${rest}\n\n<GeminiImage picture={__geminiImage0}  />`,
      )
    },
  )

  it('adds imports behind those of components where there is no macro', async () => {
    const page = `---\n${COMPONENTS}\n---\n<GeminiImage prompt="A" class="b" />`
    expect(await rewritten(page, 'a.astro')).toBe(
      `---\n${COMPONENTS};import __geminiImage0 from 'picture';\n---\n<GeminiImage picture={__geminiImage0}  class="b" />`,
    )
  })
})

describe('what may be rewritten', () => {
  it.each([
    '/a.ts',
    '/a.svelte',
    '/a.mdx',
    '/index.html?html-proxy&index=0.js',
    '/a.ts?worker_file&type=module',
    '/a.vue?vue&type=script&setup=true&lang.ts',
    '/a.ts?rawest',
  ])('%s', (id) => {
    expect(id).toMatch(MAY_BE_REWRITTEN)
  })

  it.each(['/a.md', '/a.css', '/a.ts?raw', '/a.ts?import&raw', '/a.ts?url', '/a.ts?url&no-inline'])(
    'not %s',
    (id) => {
      expect(id).not.toMatch(MAY_BE_REWRITTEN)
    },
  )
})
