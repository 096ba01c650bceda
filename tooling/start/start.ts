import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { StudioError } from '../../contract/errors.ts';
import { buildPageWhenStale } from './build-page-when-stale.ts';
import { openInBrowser } from './open-in-browser.ts';

const USAGE = `npm start -- [--port N] [--host ADDRESS] [--no-open]

  --port N         the port to listen on (default 4173, or the next free one)
  --host ADDRESS   the address to listen on (default 127.0.0.1: this machine only)
  --no-open        do not open a browser`;

interface StartOptions {
  readonly port: number | null;
  readonly host: string | null;
  readonly open: boolean;
}

function readOptions(args: readonly string[]): StartOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        open: { type: 'boolean', default: true },
        help: { type: 'boolean' },
      },
      allowNegative: true,
    });
    if (values.help === true) return USAGE;
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
      return `--port takes a number up to 65535.\n\n${USAGE}`;
    return { port, host: values.host ?? null, open: values.open };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

/** Resolves when the person asks to stop. A second request, while closing takes long, ends the process at once. */
function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  });
}

async function serve(root: string, options: StartOptions): Promise<void> {
  const startedMs = performance.now();
  // Loaded while the page may still have to be built.
  const loading = Promise.all([import('../../main/studio.ts'), import('../../main/shell/server/serve-studio.ts')]);
  loading.catch(() => undefined);
  await buildPageWhenStale(root, say);
  const [{ openStudio }, { serveStudio }] = await loading;
  const studio = await openStudio();
  try {
    const server = await serveStudio({
      studio,
      ...(options.host === null ? {} : { host: options.host }),
      ...(options.port === null ? { nextFreePort: true } : { port: options.port }),
    });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    say(`De-Diffusion Studio is ready (${seconds} s). Open this link; it holds the key of this session:\n\n  ${server.url}\n`);
    say(`Library: ${studio.dataFolder}\nCtrl-C stops the studio.`);
    if (options.open) openInBrowser(server.url);
    await untilAskedToStop();
    say('Closing …');
    await server.close();
  } finally {
    await studio.close();
  }
}

/**
 * Brings the studio up for a person: the page is built if need be, the core serves it, the browser shows it.
 * @returns the exit code: 0 after a clean stop, 1 when it could not start, 2 for wrong usage
 */
export async function start(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    const asked = options === USAGE;
    (asked ? say : complain)(options);
    return asked ? 0 : 2;
  }
  try {
    await serve(fileURLToPath(new URL('../..', import.meta.url)), options);
    return 0;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    complain(`${error.message}\n${error.hint}`);
    return 1;
  }
}
