import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import type { PluginOption } from 'vite'

/** A site of a framework: plugins of Vite, and files. */
export interface FrameworkSite {
  readonly plugins: PluginOption
  readonly files: Readonly<Record<string, string>>
}

/**
 * How each framework shows a picture above a line of text.
 * @param hero The specifier of the picture.
 * @param lang The expression of the page's language. @default the picture is of none
 */
export function frameworksShowing(
  hero: string,
  lang: string = 'undefined',
): Readonly<Record<string, FrameworkSite>> {
  return {
    React: {
      plugins: [],
      files: {
        'src/main.js': `
        import { createElement as h, Fragment } from 'react'
        import { createRoot } from 'react-dom/client'
        import { GeminiPicture } from 'unplugin-gemini-image/react'
        import hero from '${hero}'
        createRoot(document.querySelector('#app')).render(h(Fragment, null,
          h(GeminiPicture, { picture: hero, lang: ${lang}, className: 'wide', loading: 'eager' }), h('p', { id: 'below' }, 'Below')))`,
      },
    },
    Vue: {
      plugins: vue(),
      files: {
        'src/main.js': `import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount('#app')`,
        'src/App.vue': `
        <script setup>
        import { GeminiPicture } from 'unplugin-gemini-image/vue'
        import hero from '${hero}'
        const lang = ${lang}
        </script>
        <template><GeminiPicture :picture="hero" :lang="lang" class="wide" loading="eager" /><p id="below">Below</p></template>`,
      },
    },
    Svelte: {
      plugins: svelte({ configFile: false }),
      files: {
        'src/main.js': `import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.querySelector('#app') })`,
        'src/App.svelte': `
        <script>
          import GeminiPicture from 'unplugin-gemini-image/svelte'
          import hero from '${hero}'
        </script>
        <GeminiPicture picture={hero} lang={${lang}} class="wide" loading="eager" />
        <p id="below">Below</p>`,
      },
    },
  }
}
