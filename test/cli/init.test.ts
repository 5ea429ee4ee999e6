import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { startVite } from '../support/process.ts'
import { createSite, openSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { commitAll, git, inTerminal, runJson, type Json } from './stage.ts'

const vite = {
  'index.html': '<!doctype html><img src="./src/hero.prompt.md?gemini-image" alt="A fox">\n',
  'src/hero.prompt.md': promptFile('A fox'),
  'vite.config.js': `export default { build: { assetsInlineLimit: 0 }, plugins: [] }\n`,
}

async function repositoryOf(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await createSite(files)
  commitAll(site)
  return site
}

async function initialised(site: Site): Promise<string[]> {
  const { code, report } = await runJson(site, ['init', '--yes'])
  expect(code).toBe(0)
  expect(report.written).toEqual(report.proposed)
  return report.written
}

test('a site that was set up builds with Vite, and a second run proposes nothing', async () => {
  const site = await repositoryOf(vite)
  expect(await initialised(site)).toEqual([
    'vite.config.js',
    '.gitignore',
    '.gitattributes',
    'gemini-image.config.js',
    '.github/workflows/gemini-image.yml',
  ])
  const gemini = await startGemini()
  const build = await startVite(site.root, ['build'], keyed(gemini)).ended
  expect(build.output).toContain('1 picture')
  expect(build.code).toBe(0)
  expect(await site.list('dist/assets')).toHaveLength(1)
  const again = await runJson(site, ['init', '--yes'])
  expect(again.report).toMatchObject({ host: 'vite', proposed: [], written: [] })
  git(site.root, 'add', '--all')
  expect(git(site.root, 'check-attr', 'merge', '--', 'gemini-image.lock')).toContain('union')
})

test('without a terminal and without --yes, it shows all and writes nothing', async () => {
  const site = await repositoryOf(vite)
  const { code, stdout } = await runCommand(site.root, ['init'])
  expect(code).toBe(0)
  expect(stdout).toContain('Nothing was written.')
  expect(stdout).toContain('gemini-image init --yes')
  expect(stdout).toContain('    + gemini-image.lock merge=union')
  expect(git(site.root, 'status', '--porcelain')).toBe('')
})

test('on a terminal it asks for each file, and no is no', async () => {
  const site = await repositoryOf(vite)
  const { code, screen } = await inTerminal(site, ['init'], { input: 'y\nn\nyes\n\nmaybe\n' })
  expect(code).toBe(0)
  expect(screen).toContain('Create gemini-image.config.js? (y/N)')
  expect(screen).toContain('Change vite.config.js? (y/N)')
  expect(screen).toContain('Written: vite.config.js, .gitattributes.')
  // Found first, and said once.
  expect(screen.match(/Found a Vite site|Change vite|Create gemini/g)).toEqual([
    'Found a Vite site',
    'Change vite',
    'Create gemini',
  ])
  expect(git(site.root, 'status', '--porcelain', '--untracked-files=all').split('\n')).toEqual([
    ' M vite.config.js',
    '?? .gitattributes',
    '',
  ])
})

test('on a terminal, Ctrl-D answers no to all, and Ctrl-C ends it', async () => {
  const site = await repositoryOf(vite)
  const ended = await inTerminal(site, ['init'], { input: '\u0004\u0004\u0004\u0004\u0004' })
  expect(ended.code).toBe(0)
  expect(ended.screen).toContain('Nothing was written.')
  const stopped = await inTerminal(site, ['init'], { input: '\u0003' })
  expect(stopped.code).toBe(130)
  expect(stopped.screen).not.toMatch(/Warning|unsettled/)
  expect(git(site.root, 'status', '--porcelain')).toBe('')
})

describe('a first prompt', () => {
  const empty = { 'vite.config.js': vite['vite.config.js'], 'src/main.js': '' }

  /** What a person sees who wants no file changed, and answers so when a prompt is offered. */
  async function answering(site: Site, answer: string): Promise<string> {
    const { report } = await runJson(site, ['init'])
    const input = `${'n\n'.repeat(report.proposed.length)}${answer}\n`
    const { code, screen } = await inTerminal(site, ['init'], { input })
    expect(code).toBe(0)
    return screen
  }

  test('is one Enter away on a terminal, valid, as the guide would have it, and drawn by name', async () => {
    const gemini = await startGemini()
    for (const [answer, name] of [
      ['', 'lake'],
      ['2', 'logo'],
      ['3', 'fox'],
    ] as const) {
      const site = await createSite(empty)
      const screen = await answering(site, answer)
      expect(screen).toContain(`Written: src/${name}.prompt.md.`)
      expect(screen).toContain(`npx gemini-image generate ${name}`)
      expect((await runJson(site, ['lint'])).report).toEqual({ read: 1, advice: [] })
      const drawn = await runJson(site, ['generate', name, '--yes'], keyed(gemini))
      expect(drawn).toMatchObject({ code: 0, report: { generated: 1 } })
      expect(drawn.stderr).not.toContain('MISSING_ALT')
    }
    expect(gemini.requests).toHaveLength(3)
  })

  test.each(['n', '4', 'lake'])('is not written where the answer is %j', async (answer) => {
    const site = await createSite(empty)
    const screen = await answering(site, answer)
    expect(screen).toContain('No picture is declared here yet.')
    expect(screen).toContain('Nothing was written.')
    expect(await site.list('src')).toEqual(['main.js'])
  })

  test('is not offered where there is one, without a terminal, or with --yes', async () => {
    const site = await createSite(vite)
    expect(await answering(site, '')).not.toContain('No picture is declared here yet.')
    const inline = `import { geminiImage } from 'unplugin-gemini-image/macro'\nexport const a = geminiImage({ prompt: 'A', alt: '' })\n`
    const macro = await createSite({ ...empty, 'src/main.js': inline })
    expect(await answering(macro, '')).not.toContain('No picture is declared here yet.')
    // One of a package is none of the project.
    const other = await repositoryOf({ ...empty, 'node_modules/a/a.prompt.md': 'A' })
    expect(await answering(other, 'n')).toContain('No picture is declared here yet.')
    expect((await runCommand(other.root, ['init'])).output).not.toContain('No picture is declared')
    await runCommand(other.root, ['init', '--yes'])
    expect(await other.list('src')).toEqual(['main.js'])
  })
})

describe('what is there', () => {
  test('stays as it is, byte for byte, but for the lines that are new, in its own style', async () => {
    const config = [
      '/// <reference types="vitest" />',
      'import { defineConfig } from "vite";',
      '',
      'export default defineConfig(({ mode }) => ({',
      '  // plugins: [nothing],',
      '  css: { postcss: { plugins: [] } },',
      '  define: { text: "plugins: [", brace: /[}]/ },',
      '  plugins: [',
      '    mode === "x" && { name: "own" },',
      '  ],',
      '}));',
      '',
    ]
    const site = await repositoryOf({
      'vite.config.ts': config.join('\r\n'),
      'tsconfig.json': '{}',
      'src/vite-env.d.ts': '/// <reference types="vite/client" />\r\ndeclare const x: 1\r\n',
      '.gitattributes': '* text=auto',
      '.gitignore': 'node_modules\r\ndist\r\n',
    })
    await initialised(site)
    const expected = config
      .with(
        1,
        'import geminiImage from "unplugin-gemini-image/vite";\r\nimport { defineConfig } from "vite";',
      )
      .with(7, '  plugins: [\r\n    geminiImage(),')
    expect(await site.read('vite.config.ts')).toBe(expected.join('\r\n'))
    expect(await site.read('src/vite-env.d.ts')).toBe(
      '/// <reference types="unplugin-gemini-image/client" />\r\n/// <reference types="vite/client" />\r\ndeclare const x: 1\r\n',
    )
    expect(await site.read('.gitattributes')).toBe(
      '* text=auto\ngemini-image.lock merge=union\ngemini-image.ledger merge=union\ngemini-image.review merge=union\n',
    )
    expect(await site.read('.gitignore')).toBe('node_modules\r\ndist\r\n.env.local\r\n')
    expect(await initialised(site)).toEqual([])
  })

  test.each([
    ['one line', 'plugins: [a()]', 'plugins: [geminiImage(), a()]'],
    ['nothing in it', 'plugins: []', 'plugins: [geminiImage()]'],
    ['nothing in it over two lines', 'plugins: [\n]', 'plugins: [geminiImage()\n]'],
  ])('a list of plugins with %s', async (_, before, after) => {
    const text = `const a = () => ({ name: 'a' })\n\nexport default {\n  base: '/x/',\n  ${before},\n}\n`
    const site = await repositoryOf({ 'vite.config.mjs': text })
    await initialised(site)
    const written = await site.read('vite.config.mjs')
    expect(written).toBe(
      text
        .replace(before, after)
        .replace('const', "import geminiImage from 'unplugin-gemini-image/vite'\n\nconst"),
    )
    expect((await startVite(site.root, ['build'], {}).ended).output).not.toContain('SyntaxError')
  })

  test.each([
    ['a list that is put together', 'const plugins = []\nexport default { plugins }\n'],
    ['a list that is added to', 'const config = {}\nconfig.plugins = []\nexport default config\n'],
    ['what another brings along', 'export default { ...shared, base: "/" }\n'],
    ['a quoted name', 'export default { "plugins": [] }\n'],
    ['plugins of something else only', 'export default { worker: { plugins: [] } }\n'],
    ['several objects', 'export default mode ? { plugins: [] } : { plugins: [] }\n'],
  ])('a configuration with %s is left alone, and a person is told', async (_, text) => {
    const site = await repositoryOf({ 'vite.config.cjs': text })
    const { report } = await runJson(site, ['init', '--yes'])
    expect(await site.read('vite.config.cjs')).toBe(text)
    expect(report.next[0]).toBe(
      'add geminiImage() from unplugin-gemini-image/vite to the plugins in vite.config.cjs',
    )
  })

  const [line, required] = [
    "import geminiImage from 'unplugin-gemini-image/vite'",
    "const geminiImage = require('unplugin-gemini-image/vite').default",
  ]

  test.each([
    [
      'a name with a type',
      "import type { UserConfig } from 'vite'\n\nconst config: UserConfig = {\n  base: '/',\n}\n\nexport default config\n",
      `${line}\nimport type { UserConfig } from 'vite'\n\nconst config: UserConfig = {\n  plugins: [geminiImage()],\n  base: '/',\n}\n\nexport default config\n`,
    ],
    [
      'no list',
      "import { defineConfig } from 'vite'\n\nexport default defineConfig({})\n",
      `${line}\nimport { defineConfig } from 'vite'\n\nexport default defineConfig({ plugins: [geminiImage()] })\n`,
    ],
    [
      'a list in a comment only',
      'export default { /* plugins: [] */ }\n',
      `${line}\n\nexport default { plugins: [geminiImage()], /* plugins: [] */ }\n`,
    ],
    [
      'CommonJS',
      "'use strict';\nconst path = require('path');\n\nmodule.exports = {\n  build: {},\n};\n",
      `'use strict';\n${required};\nconst path = require('path');\n\nmodule.exports = {\n  plugins: [geminiImage()],\n  build: {},\n};\n`,
    ],
    [
      'a name in CommonJS',
      'const config = { plugins: [] }\n\nmodule.exports = config\n',
      `${required}\n\nconst config = { plugins: [geminiImage()] }\n\nmodule.exports = config\n`,
    ],
  ])('a configuration with %s gets the plugin', async (_, before, after) => {
    const site = await repositoryOf({ 'vite.config.ts': before })
    await initialised(site)
    expect(await site.read('vite.config.ts')).toBe(after)
    expect(await initialised(site)).toEqual([])
  })

  test('is asked of git: what rules above say already is not proposed again', async () => {
    const site = await repositoryOf({
      ...vite,
      '.gitattributes': '**/gemini-image.* merge=union\n',
      '.gitignore': '*.local\n',
      'apps/web/package.json': '{ "type": "module" }',
    })
    const web = openSite(site.path('apps/web'))
    expect(await initialised(web)).toEqual([
      'gemini-image.config.js',
      '../../.github/workflows/gemini-image-apps-web.yml',
    ])
  })
})

describe('an Astro site', () => {
  const astro = { 'package.json': '{ "type": "module", "dependencies": { "astro": "7" } }' }

  test('gets the integration, which brings its own types', async () => {
    const text = `import { defineConfig } from 'astro/config'\n\nexport default defineConfig({\n  integrations: [mdx()],\n})\n`
    const site = await repositoryOf({
      ...astro,
      'astro.config.mjs': text,
      'tsconfig.json': '{}',
    })
    const written = await initialised(site)
    expect(written).toContain('astro.config.mjs')
    expect(written).not.toContain('src/env.d.ts')
    expect(await site.read('astro.config.mjs')).toBe(
      text
        .replace('import', "import geminiImage from 'astro-gemini-image'\nimport")
        .replace('[mdx()]', '[geminiImage(), mdx()]'),
    )
    expect(await site.read('gemini-image.config.ts')).toContain("from 'astro-gemini-image/config'")
    expect(await initialised(site)).toEqual([])
  })

  test('without a configuration gets one, and without a list of integrations gets that', async () => {
    const site = await repositoryOf(astro)
    expect(await initialised(site)).toContain('astro.config.js')
    const other = await repositoryOf({ ...astro, 'astro.config.mjs': 'export default {}\n' })
    await initialised(other)
    expect(await other.read('astro.config.mjs')).toContain('{ integrations: [geminiImage()] }')
  })
})

describe('a site of another bundler', () => {
  test.each(['webpack', 'rspack'])('of %s gets the plugin and types', async (name) => {
    const text = 'export default {\n  plugins: [],\n}\n'
    const site = await repositoryOf({
      'package.json': '{ "type": "module" }',
      [`${name}.config.js`]: text,
      'tsconfig.json': '{}',
      'src/main.ts': '',
    })
    expect(await initialised(site)).toEqual(
      expect.arrayContaining([`${name}.config.js`, 'src/gemini-image.d.ts']),
    )
    expect(await site.read(`${name}.config.js`)).toBe(
      `import geminiImage from 'unplugin-gemini-image/${name}'\n\n${text.replace('[]', '[geminiImage()]')}`,
    )
    expect(await initialised(site)).toEqual([])
  })

  test('of Next.js gets a configuration; one that is there is wrapped', async () => {
    const next = { 'package.json': '{ "type": "module", "dependencies": { "next": "16" } }' }
    const site = await repositoryOf({ ...next, 'tsconfig.json': '{}' })
    expect(await initialised(site)).toContain('next.config.ts')
    expect(await site.read('next.config.ts')).toContain('export default withGeminiImage({})')
    expect(await site.read('gemini-image.d.ts')).toContain('unplugin-gemini-image/client/next')
    expect(await initialised(site)).toEqual([])
    const other = await repositoryOf({ ...next, 'next.config.mjs': 'export default {}\n' })
    await initialised(other)
    expect(await other.read('next.config.mjs')).toBe(
      "import withGeminiImage from 'unplugin-gemini-image/next'\n\nexport default withGeminiImage({})\n",
    )
  })
})

describe('the host', () => {
  test.each([
    ['vite', { devDependencies: { vite: '8' } }, {}],
    ['astro', { dependencies: { astro: '6', vite: '8' } }, {}],
    ['next', { dependencies: { next: '16' } }, {}],
    ['webpack', { devDependencies: { webpack: '5' } }, {}],
    ['webpack', {}, { 'webpack.config.js': '' }],
    ['rspack', { devDependencies: { '@rspack/core': '2', webpack: '5' } }, {}],
    ['none', {}, {}],
  ])('%s is found', async (name, names, files) => {
    const site = await repositoryOf({ ...files, 'package.json': JSON.stringify(names) })
    expect((await runJson(site, ['init'])).report.host).toBe(name)
  })

  test('that a broken package.json hides is none, and no error', async () => {
    const site = await repositoryOf({ 'package.json': '{' })
    expect(await runJson(site, ['init'])).toMatchObject({ code: 0, report: { host: 'none' } })
  })

  test('whose files are no modules gets files that are', async () => {
    const site = await repositoryOf({ ...vite, 'package.json': '{}', 'tsconfig.json': '{}' })
    const written = await initialised(site)
    expect(written).toContain('gemini-image.config.mts')
    const { stderr } = await runCommand(site.root, ['plan'])
    expect(stderr).toBe('')
  })
})

describe('the workflow', () => {
  async function workflowOf(
    site: Site,
    file = '.github/workflows/gemini-image.yml',
  ): Promise<Json> {
    await initialised(site)
    return parse(await site.read(file))
  }

  const runs = (workflow: Json): string[] =>
    workflow.jobs.report.steps.flatMap((step: Json) => step.run ?? step.uses)

  test('needs no key and no write access, and runs for forks', async () => {
    const site = await repositoryOf(vite)
    const workflow = await workflowOf(site)
    expect(workflow).toMatchObject({ on: 'pull_request', permissions: { contents: 'read' } })
    expect(JSON.stringify(workflow)).not.toMatch(/secrets|GEMINI_API_KEY|pull_request_target/)
    expect(runs(workflow)).toEqual([
      'actions/checkout@v6',
      'actions/setup-node@v6',
      'npm install',
      'npx gemini-image plan --format markdown --base "origin/$GITHUB_BASE_REF" >> "$GITHUB_STEP_SUMMARY"',
    ])
  })

  test.each([
    ['package-lock.json', '{}', {}, 'npm ci', 'npx gemini-image'],
    [
      'yarn.lock',
      '# yarn lockfile v1\n',
      {},
      'yarn install --frozen-lockfile',
      'yarn --silent run',
    ],
    ['yarn.lock', '__metadata:\n', {}, 'yarn install --immutable', 'yarn run'],
    ['bun.lock', '{}', {}, 'bun install --frozen-lockfile', 'bunx'],
    ['pnpm-lock.yaml', '', {}, 'pnpm install --frozen-lockfile', 'pnpm exec'],
    ['pnpm-lock.yaml', '', { packageManager: 'pnpm@11.1.0' }, 'pnpm install', 'pnpm exec'],
  ])('installs by %s', async (name, text, extra, install, run) => {
    const files = { [name]: text, 'package.json': JSON.stringify(extra) }
    const workflow = await workflowOf(await repositoryOf(files))
    const steps = runs(workflow)
    expect(steps.at(-2)).toContain(install)
    expect(steps.at(-1)).toContain(run)
    const pnpm = workflow.jobs.report.steps.find(({ uses }: Json) => uses?.startsWith('pnpm/'))
    if (pnpm)
      expect(pnpm.with).toEqual('packageManager' in extra ? undefined : { version: 'latest' })
  })

  test('of a site in a folder lies at the top of the repository and works in the folder', async () => {
    const site = await repositoryOf({
      'pnpm-lock.yaml': '',
      'my sites/#1/package.json': '{ "packageManager": "pnpm@11.1.0" }',
      'my sites/two/package.json': '{}',
    })
    const one = openSite(site.path('my sites/#1'))
    const file = '../../.github/workflows/gemini-image-my-sites-1.yml'
    const workflow = await workflowOf(one, file)
    expect(workflow.jobs.report.defaults.run['working-directory']).toBe('my sites/#1')
    expect(workflow.jobs.report.steps[1].with.package_json_file).toBe('my sites/#1/package.json')
    expect(await initialised(one)).toEqual([])
    const two = await initialised(openSite(site.path('my sites/two')))
    expect(two).toContain('../../.github/workflows/gemini-image-my-sites-two.yml')
  })

  test('is for GitHub only, and not for a folder that is no repository', async () => {
    const site = await repositoryOf(vite)
    git(site.root, 'remote', 'add', 'origin', 'https://gitlab.example/a/b.git')
    expect((await initialised(site)).filter((file) => file.includes('workflows'))).toEqual([])
    git(site.root, 'remote', 'set-url', 'origin', 'git@github.com:a/b.git')
    expect(await initialised(site)).toEqual(['.github/workflows/gemini-image.yml'])
    await mkdir(site.path('x'))
    expect(existsSync(site.path('x/.github'))).toBe(false)
  })
})

test('agents that a project has, or that are asked for, get the server', async () => {
  const settings = '{\n    "servers": { "other": { "command": "x" } }\n}\n'
  const site = await repositoryOf({ ...vite, '.vscode/mcp.json': settings, '.cursor/rules': '' })
  const shown = await runCommand(site.root, ['init'])
  expect(shown.stdout).toContain('.cursor/mcp.json (new)')
  expect(await site.read('.vscode/mcp.json')).toBe(settings)
  const written = await initialised(site)
  expect(written).toEqual(expect.arrayContaining(['.cursor/mcp.json', '.vscode/mcp.json']))
  expect(written).not.toContain('.mcp.json')
  const server = { command: expect.stringMatching(/^npx$/), args: ['gemini-image', 'mcp'] }
  expect(JSON.parse(await site.read('.vscode/mcp.json'))).toEqual({
    servers: { other: { command: 'x' }, 'gemini-image': { type: 'stdio', ...server } },
  })
  const asked = await runJson(site, ['init', '--yes', '--agent', 'claude'])
  expect(asked.report.written).toEqual(['.mcp.json'])
  expect(JSON.parse(await site.read('.mcp.json'))).toEqual({
    mcpServers: { 'gemini-image': server },
  })
  const commented = '{ // mine\n}\n'
  await site.write('.mcp.json', commented)
  const again = await runJson(site, ['init', '--yes'])
  expect(again.report.written).toEqual([])
  expect(again.report.next[0]).toContain('add to "mcpServers" in .mcp.json')
  expect(await site.read('.mcp.json')).toBe(commented)
})

test('what is there already is no next step: the command, which the plugin brings, and a key', async () => {
  const site = await repositoryOf(vite)
  const stepsOf = async (): Promise<string[]> => (await runJson(site, ['init'])).report.next
  const [install, key] = await stepsOf()
  expect(install).toMatch(/ -D unplugin-gemini-image$/)
  expect(key).toMatch(/^put GEMINI_API_KEY=… into \.env\.local /)
  await site.write('.env.local', 'GEMINI_API_KEY=something')
  expect((await stepsOf())[1]).not.toContain('GEMINI_API_KEY')
})
