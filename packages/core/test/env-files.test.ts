import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withEnvFiles, type Env } from '../src/options/env-files.ts'
import { findProjectRoot } from '../src/options/gather-options.ts'
import { tempDir } from './support/temp-dir.ts'

const URL = 'GOOGLE_GEMINI_BASE_URL=https://elsewhere.example'
const HERE = 'https://elsewhere.example'

interface Case {
  readonly files: Readonly<Record<string, string>>
  readonly env?: Env
  readonly mode?: string
  /** What counts in the end. */
  readonly counts: { readonly url?: string; readonly mode?: string }
  /** Whether a person is told of what does not count. */
  readonly told?: true
}

const machine = { GEMINI_API_KEY: 'key-of-the-machine' }

/** An env file is data: it moves no key of the machine, and lifts no freeze. */
const CASES: Readonly<Record<string, Case>> = {
  'an address beside the machine’s key': {
    files: { '.env': URL },
    env: machine,
    counts: {},
    told: true,
  },
  'an address and a key in one file': {
    files: { '.env.local': `${URL}\nGEMINI_API_KEY=own` },
    counts: { url: HERE },
  },
  'an address and a key in one file of a mode': {
    files: { '.env.staging': `${URL}\nGOOGLE_API_KEY=own` },
    mode: 'staging',
    counts: { url: HERE },
  },
  'an address and a key in two files': {
    files: { '.env': URL, '.env.local': 'GEMINI_API_KEY=own' },
    counts: {},
    told: true,
  },
  'an address whose file’s key is not the one in use': {
    files: { '.env': `${URL}\nGEMINI_API_KEY=own` },
    env: machine,
    counts: {},
    told: true,
  },
  'an address whose file names the other key': {
    files: { '.env': `${URL}\nGOOGLE_API_KEY=own` },
    env: machine,
    counts: {},
    told: true,
  },
  'an address without any key': { files: { '.env': URL }, counts: {} },
  'an address of the process': {
    files: { '.env.local': 'GEMINI_API_KEY=own' },
    env: { GOOGLE_GEMINI_BASE_URL: HERE },
    counts: { url: HERE },
  },
  'an address that a host has loaded from the file into the process': {
    files: { '.env': URL },
    env: { ...machine, GOOGLE_GEMINI_BASE_URL: HERE },
    counts: {},
    told: true,
  },
  'an address that a host has filled in and loaded into the process': {
    files: { '.env': `${URL}/\${TOKEN}` },
    env: { ...machine, TOKEN: 'secret', GOOGLE_GEMINI_BASE_URL: `${HERE}/secret` },
    counts: {},
    told: true,
  },
  'an address of the process beside another one in the file': {
    files: { '.env': URL },
    env: { ...machine, GOOGLE_GEMINI_BASE_URL: 'https://gateway.example' },
    counts: { url: 'https://gateway.example' },
  },
  'a file that borrows the machine’s key': {
    files: { '.env': `${URL}\nGEMINI_API_KEY=\${GEMINI_API_KEY}` },
    env: machine,
    counts: {},
    told: true,
  },
  'a file that borrows another secret as its key': {
    files: { '.env': `${URL}\nGEMINI_API_KEY=$TOKEN` },
    env: { TOKEN: 'secret' },
    counts: {},
    told: true,
  },
  'an address that carries a secret of the machine': {
    files: { '.env': `${URL}/\${TOKEN}\nGEMINI_API_KEY=own` },
    env: { TOKEN: 'secret' },
    counts: {},
    told: true,
  },
  'an address that carries a secret by way of another file': {
    files: { '.env': 'A=$TOKEN', '.env.local': `${URL}/$A\nGEMINI_API_KEY=own` },
    env: { TOKEN: 'secret' },
    counts: {},
    told: true,
  },
  'variables of the same file': {
    files: {
      '.env': `HOST=elsewhere\nOWN=own\n${URL.replace('elsewhere', '${HOST}')}\nGEMINI_API_KEY=$OWN`,
    },
    counts: { url: HERE },
  },
  'the mode auto beside the machine’s key': {
    files: { '.env': 'GEMINI_IMAGE_MODE=auto' },
    env: machine,
    counts: {},
    told: true,
  },
  'the mode auto and a key in one file': {
    files: { '.env': 'GEMINI_IMAGE_MODE=auto\nGEMINI_API_KEY=own' },
    counts: { mode: 'auto' },
  },
  'the mode auto and a key in one file, in CI': {
    files: { '.env': 'GEMINI_IMAGE_MODE=auto\nGEMINI_API_KEY=own' },
    env: { CI: 'true' },
    counts: {},
    told: true,
  },
  'a mode that spends nothing': {
    files: { '.env': 'GEMINI_IMAGE_MODE=placeholder' },
    env: machine,
    counts: { mode: 'placeholder' },
  },
  'a mode that ships placeholders, in CI': {
    files: { '.env': 'GEMINI_IMAGE_MODE=placeholder' },
    env: { CI: '1' },
    counts: {},
    told: true,
  },
  'a file that says that there is no CI': {
    files: { '.env': 'CI=\nGEMINI_IMAGE_MODE=auto\nGEMINI_API_KEY=own' },
    env: { CI: 'true' },
    counts: {},
    told: true,
  },
  'a mode of the process, in CI': {
    files: { '.env': 'GEMINI_API_KEY=own' },
    env: { CI: 'true', GEMINI_IMAGE_MODE: 'auto' },
    counts: { mode: 'auto' },
  },
}

test.for(Object.entries(CASES))('%s', async ([, { files, env = {}, mode, counts, told }]) => {
  const dir = await tempDir()
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, name), text)
  const warnings: string[] = []
  const warn = (message: string): unknown => warnings.push(message)
  const found = withEnvFiles({ dir, mode, warn }, env)
  expect(found['GOOGLE_GEMINI_BASE_URL']).toBe(counts.url)
  expect(found['GEMINI_IMAGE_MODE']).toBe(counts.mode)
  expect(warnings).toHaveLength(told ? 1 : 0)
  if (told)
    expect(warnings[0]).toMatch(
      /^\.env\S* sets (?:GOOGLE_GEMINI_BASE_URL|GEMINI_IMAGE_MODE), which is ignored: /,
    )
  expect(warnings.join()).not.toMatch(/secret|key-of-the-machine|own\b.*own\b/)
})

test('env files set only variables of ours', async () => {
  const dir = await tempDir()
  await writeFile(
    path.join(dir, '.env'),
    'CI=true\nVITEST=1\nAWS_ENDPOINT_URL=x\nGEMINI_API_KEY=own',
  )
  expect(withEnvFiles({ dir }, {})).toEqual({ GEMINI_API_KEY: 'own' })
})

test('the env files of a host’s root are known where the host works in a folder of it', async () => {
  const root = await tempDir()
  const dir = path.join(root, 'app')
  await mkdir(dir)
  await writeFile(path.join(root, '.env'), URL)
  const env = { ...machine, GOOGLE_GEMINI_BASE_URL: HERE }
  expect(withEnvFiles({ dir, loadedFrom: root }, env)).toEqual(machine)
  // Its variables are not read from there: the host has its own folder for that.
  expect(withEnvFiles({ dir, loadedFrom: root }, machine)).toEqual(machine)
})

test.for(['.git/HEAD', 'pnpm-workspace.yaml', 'lerna.json'])(
  'nothing above %s is taken for the project',
  async (marker) => {
    const above = await tempDir()
    const site = path.join(above, 'work/site')
    await mkdir(site, { recursive: true })
    await writeFile(path.join(above, 'gemini-image.config.mjs'), 'export default {}')
    expect(findProjectRoot(undefined, site)).toBe(above)
    await mkdir(path.dirname(path.join(above, 'work', marker)), { recursive: true })
    await writeFile(path.join(above, 'work', marker), '')
    expect(findProjectRoot(undefined, site)).toBe(site)
    await writeFile(path.join(above, 'work/package.json'), '{}')
    expect(findProjectRoot(undefined, site)).toBe(path.join(above, 'work'))
  },
)
