import { createInterface } from 'node:readline/promises';
import { StudioError } from '../../../../contract/errors.ts';

/**
 * Asks a person at the terminal for a yes. Where nobody sits there, `--yes` is the only one.
 * @throws StudioError `consent-needed` without a yes
 */
export async function agree(question: string, given: boolean, signal: AbortSignal): Promise<void> {
  if (given) return;
  const needed = (): StudioError =>
    new StudioError('consent-needed', `This needs your yes: ${question}`, 'Say it with --yes, once you have read it.', {});
  if (!process.stdin.isTTY) throw needed();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (!/^(y|yes|j|ja)$/i.test(answer.trim())) throw needed();
  } finally {
    terminal.close();
  }
}
