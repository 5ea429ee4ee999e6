import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findRequests } from '../src/declare/requests/requests.ts'

/** What a text asks for, in the order in which it is found. */
function asked(text: string, file: string): string[] {
  return findRequests(text, file).map((one) =>
    'file' in one ? one.file : `glob ${one.patterns.join(' ')}${one.base ? ` in ${one.base}` : ''}`,
  )
}

const A = './a.prompt.md?gemini-image'
const GLOB = "import.meta.glob('./p/*.prompt.md'"

const SCRIPTS: readonly (readonly [string, readonly string[]])[] = [
  [`import a, { alt } from '${A}'`, ['./a.prompt.md']],
  [`'use client'\nimport a from "${A}&w=4" with { type: 'image' }`, ['./a.prompt.md']],
  [`const b = 1\nexport { default as a } from '${A}'`, ['./a.prompt.md']],
  [`const b = 1; const a = await import(/* chunk */ '${A}')`, ['./a.prompt.md']],
  [`const a = require(\`${A}\`)`, ['./a.prompt.md']],
  [`const a = require.resolve('${A}')`, ['./a.prompt.md']],
  [`const a = new URL('${A}', import.meta.url)`, ['./a.prompt.md']],
  [`const a = new URL('${A}', location)`, []],
  [`const a = import('./a.prompt.md' + '?gemini-image')`, ['./a.prompt.md']],
  [`const a = import('./what\\'s.prompt.md?gemini-image')`, ["./what's.prompt.md"]],
  [`const a = import(\`./p/\${f({ b: '}' })}.prompt.md?gemini-image\`)`, ['glob ./p/*.prompt.md']],
  [`const a = import('./p/' + name + '.prompt.md?gemini-image')`, ['glob ./p/*.prompt.md']],
  [`const a = "bg-[url('/src/a.prompt.md?gemini-image')]"`, ['/src/a.prompt.md']],
  [`const g = ${GLOB}, { query: '?gemini-image' })`, ['glob ./p/*.prompt.md']],
  [
    `const g = ${GLOB}, { query: { 'gemini-image': true }, eager: true },)`,
    ['glob ./p/*.prompt.md'],
  ],
  [`const g = ${GLOB}, { query: '?raw' }) // gemini-image`, []],
  [`const g = ${GLOB}) // gemini-image`, []],
  [
    `const g = import.meta.glob(['./*.prompt.md', '!**/b.prompt.md'], { base: './p', query: 'gemini-image' })`,
    ['glob ./*.prompt.md !**/b.prompt.md in ./p'],
  ],
  [`import type from '${A}'`, ['./a.prompt.md']],
  [`const b = 1\nimport type, { alt } from '${A}'`, ['./a.prompt.md']],
  [`import { /* it's */ alt // "b"\n} from '${A}'`, ['./a.prompt.md']],
  // What nothing runs, and what only looks like an import.
  [`import /* '${A}' */ a from './b.js'`, []],
  [`import type a from '${A}'`, []],
  [`import type { Picture } from '${A}'`, []],
  [`const b = 1\nexport type { Picture } from '${A}'`, []],
  [`// import a from '${A}'`, []],
  [`/* import a from '${A}' */`, []],
  [`const b = 1 // import a from '${A}'\n/* new URL('${A}', import.meta.url) */`, []],
  [`const b = "import a from './a.prompt.md?gemini-image'"`, []],
  [`const b = \`import a from '${A}'\``, []],
  [`console.log('see ${A}')`, []],
  [`const b = '${A}'`, []],
  [`import a from './a.prompt.md'`, []],
  [`import a from './a.prompt.md?raw' // gemini-image`, []],
  [`import a from './a.md?gemini-image' // .prompt.md`, []],
]

test.for(SCRIPTS)('a script: %s', ([script, expected]) => {
  expect(asked(script, '/s/a.js')).toEqual(expected)
  expect(asked(script, '/s/a.mts')).toEqual(expected)
  // What a page or a component does with a script is the same.
  expect(asked(`<script type="module">${script}\n</script>`, '/s/a.html')).toEqual(expected)
  expect(asked(`<p>It's</p><script lang="ts">\n${script}\n</script>`, '/s/a.vue')).toEqual(expected)
  expect(asked(`---\n${script}\n---\n<p>It's</p>`, '/s/a.astro')).toEqual(expected)
})

const STYLES: readonly (readonly [string, readonly string[]])[] = [
  [`.a { background: url(${A}) }`, ['./a.prompt.md']],
  [`.a { background: url( "./in css.prompt.md?gemini-image" ) }`, ['./in css.prompt.md']],
  [`.a { background: url(./pic\\ \\(2\\).prompt.md?gemini-image) }`, ['./pic (2).prompt.md']],
  [`.a { background: image-set('${A}' 1x, url(${A}&w=4) 2x) }`, ['./a.prompt.md', './a.prompt.md']],
  [`.a { src: url(data:font/woff2;base64,/*aa) } .b { background: url(${A}) }`, ['./a.prompt.md']],
  [`.a { src: url(//cdn.example/x.woff) } .b { background: url(${A}) }`, ['./a.prompt.md']],
  [`/* .a { background: url(${A}) } */`, []],
  [`.a { content: "url(${A})" }`, []],
]

test.for(STYLES)('a stylesheet: %s', ([style, expected]) => {
  for (const kind of ['css', 'scss', 'less']) expect(asked(style, `/s/a.${kind}`)).toEqual(expected)
  expect(asked(`<style>${style}</style>`, '/s/a.html')).toEqual(expected)
  expect(asked(`<p>It's</p><style scoped>${style}</style>`, '/s/a.vue')).toEqual(expected)
})

test('what preprocessors take for a comment asks for nothing', () => {
  const style = `.a { color: red } // url(${A})\n.b { background: url(./b.prompt.md?gemini-image) }`
  expect(asked(style, '/s/a.scss')).toEqual(['./b.prompt.md'])
  expect(asked(`<style lang="scss">${style}</style>`, '/s/a.svelte')).toEqual(['./b.prompt.md'])
})

const ELEMENTS: readonly (readonly [string, readonly string[]])[] = [
  ['<img src="./a b, c.prompt.md?gemini-image">', ['./a b, c.prompt.md']],
  [
    '<img srcset="./a.prompt.md?gemini-image&amp;w=1 1x, ./b,c.prompt.md?gemini-image, ./d.prompt.md?gemini-image 2x">',
    ['./a.prompt.md', './b,c.prompt.md', './d.prompt.md'],
  ],
  ['<video poster=./a.prompt.md?gemini-image></video>', ['./a.prompt.md']],
  [`<noscript><img src='./what"s.prompt.md?gemini-image'></noscript>`, ['./what"s.prompt.md']],
  [`<p style="background: url('${A}')">`, ['./a.prompt.md']],
  [`<p>${A}</p>`, []],
  [`<!-- <img src="${A}"> --><p title="a">`, []],
]

test.for(ELEMENTS)('elements: %s', ([html, expected]) => {
  for (const kind of ['html', 'vue', 'svelte', 'astro']) {
    expect(asked(html, `/s/a.${kind}`)).toEqual(expected)
  }
})

test('a page asks for what Vite takes from it', () => {
  expect(
    asked(`<img vite-ignore src="${A}"><img src="./b.prompt.md?gemini-image">`, 'a.html'),
  ).toEqual(['./b.prompt.md'])
  expect(asked(`<script>const a = import('${A}')</script>`, 'a.html')).toEqual([])
})

test.for([
  [`import a from '${A}'\n\n# It's\n\n<img src={a} />`, ['./a.prompt.md']],
  [`It's <img src={require('${A}').default} />`, ['./a.prompt.md']],
  [`![An image](./a%20b.prompt.md?gemini-image)`, ['./a b.prompt.md']],
  [`![An [old] image](<./a b.prompt.md?gemini-image> "Title")`, ['./a b.prompt.md']],
  [`[A link](${A})`, []],
  [`\`import a from '${A}'\``, []],
  [`\`\`\`js\nimport a from '${A}'\n\`\`\``, []],
  [`{/* import a from '${A}' */}`, []],
] as const)('MDX: %s', ([text, expected]) => {
  expect(asked(text, '/s/a.mdx')).toEqual(expected)
})

describe('whatever a prompt file is called', () => {
  const name = fc
    .array(fc.constantFrom(...'ab é(){}[]<>,=%#@!$^~+;:.-_'.split('')), {
      minLength: 1,
      maxLength: 8,
    })
    .map((signs) => `x${signs.join('')}`)
    // A specifier ends there.
    .filter((one) => !one.includes('#'))

  test('it is found between quotes, in every kind of file', () => {
    fc.assert(
      fc.property(name, (one) => {
        const file = `./${one}.prompt.md`
        const specifier = `${file}?gemini-image`
        expect(asked(`const b = 1; import('${specifier}')`, 'a.ts')).toEqual([file])
        expect(asked(`import a from "${specifier}"`, 'a.jsx')).toEqual([file])
        expect(asked(`.a { background: url("${specifier}") }`, 'a.css')).toEqual([file])
        expect(asked(`<img src="${specifier}">`, 'a.html')).toEqual([file])
      }),
    )
  })

  test('it asks for nothing once it is commented out', () => {
    fc.assert(
      fc.property(name, (one) => {
        const specifier = `./${one}.prompt.md?gemini-image`
        expect(asked(`const b = 1 // import('${specifier}')`, 'a.ts')).toEqual([])
        expect(asked(`/* .a { background: url("${specifier}") } */`, 'a.css')).toEqual([])
        expect(asked(`<!-- <img src="${specifier}"> -->`, 'a.vue')).toEqual([])
      }),
    )
  })
})

test('any text at all is read to its end', () => {
  const brackets =
    `" ' \` \${ } { ( ) /* */ // <!-- --> <script> </script> <style> </style> = \\`.split(' ')
  const words = ['\n', ' ', 'import ', 'import(', 'url(', 'import.meta.glob(', '---\n', A]
  const text = fc
    .array(fc.constantFrom(...brackets, ...words), { maxLength: 30 })
    .map((parts) => parts.join(''))
  const kinds = fc.constantFrom('js', 'ts', 'tsx', 'css', 'scss', 'html', 'vue', 'astro', 'mdx')
  fc.assert(
    fc.property(text, kinds, (one, kind) => {
      for (const request of findRequests(one, `a.${kind}`)) {
        if ('file' in request) expect(one.slice(request.start, request.end)).toContain('.prompt.md')
        else expect(request.patterns).not.toEqual([])
      }
    }),
    { numRuns: 3000 },
  )
  expect.hasAssertions()
})

test.each([
  ['{% geminiImage "a.prompt.md" %}', ['./a.prompt.md']],
  ["{%- geminiImage '/p/a.prompt.md', alt='A' -%}", ['/p/a.prompt.md']],
  [`<img src="${A}"> {% geminiImage "../b.prompt.md" %}`, ['./a.prompt.md', '../b.prompt.md']],
  ['{# {% geminiImage "a.prompt.md" %} #}', []],
  ['{% comment %}{% geminiImage "a.prompt.md" %}{% endcomment %}', []],
  ['{% raw %}{% geminiImage "a.prompt.md" %}{% endraw %}', []],
  [`{# <img src="${A}"> #}`, []],
  ['{% otherImage "a.prompt.md" %} geminiImage', []],
])('a template: %s', (template, expected) => {
  for (const file of ['/s/a.njk', '/s/a.liquid', '/s/a.md']) {
    expect(asked(template, file)).toEqual(expected)
  }
})

test('Markdown of a page that is a component asks as one, but for its code', () => {
  const text = `<script setup>\nimport a from '${A}'\n</script>\n\n## T {#id}\n\n<img src="./b.prompt.md?gemini-image">\n\n`
  const code = `\`{% geminiImage "c.prompt.md" %}\`\n\n\`\`\`vue\n<img src="./d.prompt.md?gemini-image">\n\`\`\`\n`
  expect(asked(text + code, '/s/a.md')).toEqual(['./a.prompt.md', './b.prompt.md'])
})
