/** What the command's exit codes mean; `--help` and docs/commands.md show this list. */
export const EXIT_CODES = {
  0: 'all is well',
  1: 'an error: it says what, where and what to do',
  2: 'pictures are missing, lost or outdated; nothing is wrong with the declarations',
  130: 'stopped with Ctrl-C; what had landed is kept',
} as const

/** How the command ends. */
export type ExitCode = keyof typeof EXIT_CODES

/** The list for `--help`. */
export function exitCodeHelp(
  codes: readonly ExitCode[] = Object.keys(EXIT_CODES).map((code) => Number(code) as ExitCode),
): string {
  const lines = codes.map((code) => `  ${String(code).padEnd(4)} ${EXIT_CODES[code]}`)
  return `Exit codes:\n${lines.join('\n')}`
}
