/** The command line was typed wrongly: exit code 2. Everything else that goes wrong is a StudioError and exit code 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
