import { once } from 'node:events';
import type { Command } from 'commander';
import { z } from 'zod';
import type { SentReport } from '../../../../contract/outside/network.ts';
import type { ChooseCommand, CommandContext } from '../command-context.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';

/** What `serve --json` prints once it listens; it goes on until it is told to stop. The url holds the key of the session. */
export const serveOutputSchema = z.object({
  url: z.url(),
  /** Every link that opens it, also from other machines where it listens to them. */
  urls: z.array(z.url()),
  origin: z.url(),
  port: z.number().int(),
  token: z.string(),
});

interface ServeFlags {
  readonly port?: number;
  readonly host?: string;
  readonly origin?: readonly string[];
  readonly verbose?: true;
}

export function addServeCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('serve')
    .summary('the studio as a page in your browser')
    .description('Serves the studio to browsers until Ctrl+C.')
    .option('--port <p>', 'port to listen on (default 4173, or the next free one)', numberOption(z.int().min(0).max(65_535)))
    .option('--host <h>', 'address to listen on (default 127.0.0.1: this machine only)')
    .option(
      '--origin <url...>',
      'an address it is reached at through something in front of it, such as https://studio.example or https://example.org/studio',
    )
    .option('--verbose', 'say on stderr what goes out: to whom, for what, and how much')
    .action((flags: ServeFlags) => choose((context) => serve(flags, context)));
}

/** Who was asked for what so far, and how much went. Never what was in it. */
function describeSent({ origin, purpose, requests, sentBytes, receivedBytes, lastMs }: SentReport): string {
  const time = new Date(lastMs).toISOString();
  return `${time} ${origin} ${purpose}: asked ${requests} times, ${formatBytes(sentBytes)} out, ${formatBytes(receivedBytes)} in`;
}

async function serve({ port, host, verbose, origin: origins }: ServeFlags, context: CommandContext): Promise<null> {
  const { serveStudio } = await import('../../server/serve-studio.ts');
  const studio = await context.openStudio('own');
  if (verbose === true) studio.watchTraffic((sent) => context.say(describeSent(sent)));
  const server = await serveStudio({
    studio,
    ...(port === undefined ? { nextFreePort: true } : { port }),
    ...(host === undefined ? {} : { host }),
    ...(origins === undefined ? {} : { origins }),
  });
  try {
    const { url, urls, origin, token } = server;
    const others = urls.slice(1).map((one) => `\n                 ${one}`);
    const text = `The studio is at ${paint.strong(url)}${others.join('')}\nThe link holds the key of this session. Ctrl+C stops.`;
    await context.present({ document: { url, urls, origin, port: server.port, token }, text, failed: false });
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    await server.close();
  }
  return null;
}
