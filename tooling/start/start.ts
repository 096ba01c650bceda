import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { StudioError } from '../../contract/errors.ts';
import { buildPageWhenStale } from './build-page-when-stale.ts';
import { findElectron } from './find-electron.ts';
import { openInBrowser } from './open-in-browser.ts';
import { runDesktop } from './run-desktop.ts';

const USAGE = `npm start -- [--browser] [--port N] [--host ADDRESS] [--origin URL] [--no-open]

Opens the desktop program where Electron can be had, and else serves the same studio to the browser.

  --browser        serve to the browser; so do the options below
  --port N         the port to listen on (default 4173, or the next free one)
  --host ADDRESS   the address to listen on (default 127.0.0.1: this machine only)
  --origin URL     an address it is reached at through something in front of it, such as https://studio.example/pictures
  --no-open        do not open a browser`;

interface StartOptions {
  readonly port: number | null;
  readonly host: string | null;
  readonly origins: readonly string[];
  readonly open: boolean;
  /** Any option that only a server has asks for one. */
  readonly desktop: boolean;
}

function readOptions(args: readonly string[]): StartOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        origin: { type: 'string', multiple: true, default: [] },
        open: { type: 'boolean', default: true },
        browser: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
      allowNegative: true,
    });
    if (values.help === true) return USAGE;
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
      return `--port takes a number up to 65535.\n\n${USAGE}`;
    const served = values.browser || !values.open || port !== null || values.host !== undefined || values.origin.length > 0;
    return { port, host: values.host ?? null, origins: values.origin, open: values.open, desktop: !served };
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
      origins: options.origins,
      ...(options.host === null ? {} : { host: options.host }),
      ...(options.port === null ? { nextFreePort: true } : { port: options.port }),
    });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    say(
      `De-Diffusion Studio is ready (${seconds} s). Open this link; it holds the key of this session:\n\n  ${server.urls.join('\n  ')}\n`,
    );
    say(`Library: ${studio.dataFolder}\nCtrl-C stops the studio.`);
    if (options.open) openInBrowser(server.url);
    await untilAskedToStop();
    say('Closing …');
    await server.close();
  } finally {
    await studio.close();
  }
}

/** Opens the desktop program and waits for its end. Null when there is no Electron; the reason has been told. */
async function openDesktop(root: string): Promise<number | null> {
  const electron = await findElectron({ root, platform: process.platform, environment: process.env, say });
  if (electron.type === 'absent') {
    say(`Serving the studio to the browser, because ${electron.reason}.`);
    return null;
  }
  await buildPageWhenStale(root, say);
  // The builder is large, and the browser needs none of it.
  const { buildElectron } = await import('../package/build-electron.ts');
  await buildElectron({ ifStale: true });
  say('Opening the desktop program. Closing its window stops the studio.');
  return (await runDesktop(electron.path, root)) ?? 1;
}

/**
 * Brings the studio up for a person: the page is built if need be, then the desktop program opens it; without Electron the
 * core serves it and the browser shows it.
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
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const exitCode = options.desktop ? await openDesktop(root) : null;
    if (exitCode !== null) return exitCode;
    await serve(root, options);
    return 0;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    complain(`${error.message}\n${error.hint}`);
    return 1;
  }
}
