import { createRequire } from 'node:module'
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
import { generateCommand } from './commands/generate.ts'
import { initCommand } from './commands/init.ts'
import { labelCommand } from './commands/label.ts'
import { lintCommand } from './commands/lint.ts'
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

/** The commands, in the order in which a project meets them. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
  const program = new Command('gemini-image')
    .description('The generated pictures of a site: planned, priced and pinned.')
    .version(version)
    .addHelpText('after', `\n${exitCodeHelp()}`)
    .exitOverride()
  const commands = [
    initCommand(),
    planCommand(),
    lintCommand(),
    generateCommand(),
    batchCommand(),
    altCommand(),
    statusCommand(),
    studioCommand(),
    mcpCommand(),
    costsCommand(),
    explainCommand(),
    variantsCommand(),
    pickCommand(),
    adoptCommand(),
    modelsCommand(),
    outdatedCommand(),
    upgradeCommand(),
    verifyCommand(),
    pruneCommand(),
    labelCommand(),
    auditCommand(),
    doctorCommand(),
    watchCommand(),
    emitCommand(),
  ]
  for (const command of commands) program.addCommand(overridingExit(command))
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
