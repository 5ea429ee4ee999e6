import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { Command, CommanderError } from 'commander'
import { exitCodeOf } from './mistake.ts'
import { exitCodeHelp } from './output/exit-codes.ts'
import { adoptCommand } from './commands/adopt.ts'
import { auditCommand } from './commands/audit.ts'
import { altCommand } from './commands/alt.ts'
import { batchCommand } from './commands/batch.ts'
import { costsCommand } from './commands/costs.ts'
import { doctorCommand } from './commands/doctor.ts'
import { emitCommand } from './commands/emit.ts'
import { explainCommand } from './commands/explain.ts'
import { DOCS } from './project/docs-folder.ts'
import { generateCommand } from './commands/generate.ts'
import { initCommand } from './commands/init.ts'
import { labelCommand } from './commands/label.ts'
import { lintCommand } from './commands/lint.ts'
import { lspCommand } from './commands/lsp.ts'
import { mcpCommand } from './commands/mcp.ts'
import { modelsCommand } from './commands/models.ts'
import { outdatedCommand } from './commands/outdated.ts'
import { planCommand } from './commands/plan.ts'
import { pruneCommand } from './commands/prune.ts'
import { statusCommand } from './commands/status.ts'
import { studioCommand } from './commands/studio.ts'
import { upgradeCommand } from './commands/upgrade.ts'
import { pickCommand, variantsCommand } from './commands/variants.ts'
import { verifyCommand } from './commands/verify.ts'
import { watchCommand } from './commands/watch.ts'

export { EXIT_CODES, type ExitCode } from './output/exit-codes.ts'

const OTHERS = 'Other tools:'

/** The commands by what one is about to do, with what the list says of each. */
const commandsByTask = (): Readonly<Record<string, readonly (readonly [Command, string])[]>> => ({
  'Start:': [
    [initCommand(), 'set up gemini-image in a site'],
    [doctorCommand(), 'check key, models, store and git'],
    [statusCommand(), 'show the project on one screen'],
  ],
  'Draw:': [
    [planCommand(), 'list pictures with states and prices'],
    [lintCommand(), 'check prompts against the model’s guide'],
    [generateCommand(), 'draw missing and stale pictures'],
    [watchCommand(), 'draw whenever a declaration is saved'],
    [batchCommand(), 'follow batch jobs, at half the price'],
  ],
  'Look, choose and refine:': [
    [studioCommand(), 'open a page with all pictures'],
    [explainCommand(), 'show a picture’s request, or an error’s meaning'],
    [variantsCommand(), 'list the variants of a picture'],
    [pickCommand(), 'choose a variant, or go back to a picture'],
    [adoptCommand(), 'use a picture of your own'],
    [altCommand(), 'draft missing alternative texts'],
  ],
  'Pull requests and CI:': [
    [verifyCommand(), 'check pinned pictures, byte for byte'],
    [auditCommand(), 'check labels and credits of a built site'],
    [labelCommand(), 'label pinned pictures as generated'],
    [pruneCommand(), 'delete pictures that nothing needs'],
  ],
  'Costs and models:': [
    [costsCommand(), 'show what was paid'],
    [modelsCommand(), 'show models, prices and limits'],
    [outdatedCommand(), 'list pictures of older models'],
    [upgradeCommand(), 'draw outdated pictures anew'],
  ],
  [OTHERS]: [
    [emitCommand(), 'write pictures into a folder'],
    [mcpCommand(), 'serve tools to a coding agent'],
    [lspCommand(), 'serve settings and errors to an editor'],
  ],
})

/** For a first day: a command, and its effect. */
const EXAMPLES = [
  ['npx gemini-image init', 'set up a site'],
  ['npx gemini-image plan', 'list missing pictures, with prices'],
  ['npx gemini-image generate', 'draw them'],
  ['npx gemini-image generate hero --again', 'ask for another picture of one'],
  ['npx gemini-image pick hero --former 1', 'go back to the one before'],
  ['npx gemini-image studio', 'look at all of them'],
] as const

function examplesHelp(): string {
  const width = Math.max(...EXAMPLES.map(([typed]) => typed.length))
  const lines = EXAMPLES.map(([typed, effect]) => `  ${typed.padEnd(width)}  ${effect}`)
  return ['Examples:', ...lines, '', 'Add --help to a command for its options.'].join('\n')
}

/** The pages of docs/, as they come with this package, from here. */
function docsHelp(): string {
  return `Documentation: ${path.join(path.relative(process.cwd(), DOCS), '/')}`
}

/** The command, with all that it can do. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
  const program = new Command('gemini-image')
    .description('The generated pictures of a site: planned, priced and pinned.')
    .version(version)
    .configureHelp({ subcommandTerm: (one) => one.usage().replace('[options]', one.name()) })
    .addHelpCommand(
      new Command('help')
        .argument('[command]')
        .description('show what a command takes')
        .helpGroup(OTHERS),
    )
    .addHelpText('after', () => `\n${examplesHelp()}\n\n${exitCodeHelp()}\n\n${docsHelp()}`)
    .exitOverride()
  for (const [task, commands] of Object.entries(commandsByTask())) {
    for (const [command, summary] of commands) {
      program.addCommand(overridingExit(command.helpGroup(task).summary(summary)))
    }
  }
  return program
}

/** A command that throws where commander would end the process. */
function overridingExit(command: Command): Command {
  command.commands.forEach(overridingExit)
  return command.exitOverride()
}

/**
 * Runs the command.
 * @param argv As `process.argv`: Node, the script, and then what the person wrote.
 * @returns The exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return exitCodeOf(error, argv)
  }
  return Number(process.exitCode ?? 0)
}
