import { createProgram, EXIT_CODES } from 'gemini-image'
import { code, GENERATED, table } from './markdown.ts'

/** The parts of commander's commands and flags that the page is made from. */
type Command = ReturnType<typeof createProgram>['commands'][number]

const INTRODUCTION = `\`gemini-image\` plans, prices, draws and keeps the pictures of a site. It comes with the package of the same
name, reads the same \`gemini-image.config.ts\` as the plugins, and finds the key in the environment, in
\`.env.local\` or in \`.env\`. Call it anywhere in a site: it looks upwards for the nearest project.

Names of pictures are the names of their prompt files (\`hero\`), paths from the root, or globs in quotes. A
picture that is declared where it is used has the name of its file and its first words or its field (\`page-an-oak-leaf\`,
\`post-cover\`); its line will do as well (\`src/page.ts:3\`), and a path stands for all in that file.`

const USUALLY = [
  ['a new site', 'gemini-image init', 'sets it up, and asks before it changes a file'],
  [
    'while you write',
    'gemini-image generate',
    'draws what is missing, after it has named the price',
  ],
  [
    'before you pay',
    'gemini-image lint',
    "holds prompts against the [advice](prompts.md) of Google's guide",
  ],
  [
    'a pull request',
    'gemini-image plan --format markdown --base origin/main',
    'shows what changed',
  ],
  ['at any time', 'gemini-image costs', 'what was paid, and by whom: [costs](costs.md)'],
  ['CI', 'gemini-image verify', 'every pinned picture is there, byte for byte, and whole'],
  [
    'before a build',
    'gemini-image alt',
    'drafts alternative texts from the pictures, for you to read and to rename altDraft to alt',
  ],
  [
    'to look at all',
    'gemini-image studio',
    'opens a page with every picture, to choose, refine and [review](studio.md#reviews)',
  ],
  [
    'to show others',
    'gemini-image studio --build out',
    'writes a page of what a branch has changed, which opens offline; with `--all`, of every picture',
  ],
  [
    'one turned out badly',
    'gemini-image generate hero --again',
    'asks for another picture, and keeps this one: `gemini-image pick hero --former 1` goes back',
  ],
  [
    'you have one yourself',
    'gemini-image adopt hero ./mine.png',
    'pins it in the place of the generated one, [labelled](labels.md#adopted-pictures) as what it is',
  ],
  [
    'one was refused',
    'gemini-image generate hero --retry',
    'asks for the same again, and pays for that; once its prompt changes, it is asked for anyway',
  ],
  [
    'only a draft came',
    'gemini-image pick hero --draft 1',
    'takes the picture that a model gave as a thought, where its answer, which is paid for, holds no other',
  ],
  [
    'no plugin reaches it',
    'gemini-image emit static/pictures',
    'writes the pictures of all prompt files into a folder: [recipes](hosts.md#everything-else)',
  ],
  [
    'to compare models',
    'gemini-image models',
    'their prices, limits and ends, and what is offered now',
  ],
  ['now and then', 'gemini-image outdated', 'what could be drawn by a newer model'],
  ['something is odd', 'gemini-image doctor', 'looks at all that can stand in the way'],
].map(([when = '', command = '', what = '']) => [when, `\`${command}\``, what])

const STREAMS = `Results go to the standard output, all else to the standard error. With \`--json\`, the standard output is one
JSON document, also where something went wrong: \`{ "error": { "code", "message", "place" } }\`. A run that spends shows
a bar with the money spent and the time left on a terminal, and a few plain lines in CI. \`NO_COLOR\` and
\`FORCE_COLOR\` are heeded. Nobody is asked anything where there is no terminal: a command that wants a yes says so,
and takes \`--yes\`. The API key is never shown.`

/** Flags that every command has. */
const COMMON: ReadonlySet<string> = new Set(['--root', '--json'])

const FLAGS = 'Every command takes `--root <dir>`, the folder of the site, `--json`, and `--help`.'

/** docs/commands.md */
export function commandsPage(): string {
  return [
    '# Commands',
    GENERATED,
    INTRODUCTION,
    table(['when', 'command', 'what it does'], USUALLY),
    FLAGS,
    STREAMS,
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.entries(EXIT_CODES).map(([number, meaning]) => [`\`${number}\``, meaning]),
    ),
    ...createProgram().commands.flatMap(section),
  ].join('\n\n')
}

/** A command, or one that has commands of its own. */
function section(command: Command): readonly string[] {
  const name = nameOf(command)
  if (command.commands.length > 0) {
    return [`## ${name}`, sentence(command.description()), ...command.commands.flatMap(section)]
  }
  const flags = command.options.filter(({ long }) => !COMMON.has(long ?? ''))
  const rows = flags.map((flag) => [`\`${flag.flags}\``, flag.description])
  return [
    `${command.parent?.parent ? '###' : '##'} ${name}`,
    sentence(command.description()),
    code('sh', `gemini-image ${name} ${command.usage()}`),
    ...(rows.length > 0 ? [table(['flag', 'meaning'], rows)] : []),
  ]
}

function nameOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${parent.name()} ${command.name()}` : command.name()
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
