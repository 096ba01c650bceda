import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, errors } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { StudioError } from '../../contract/errors.ts';
import { lockLibrary } from '../../main/library/lock-library.ts';
import { startDisplay } from './electron-display.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const executableNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

function findElectron(): string | null {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (folder === undefined || folder === '') return null;
  const path = join(folder, executableNames[process.platform] ?? 'electron');
  return existsSync(path) ? path : null;
}

/** The Electron that ELECTRON_OVERRIDE_DIST_PATH names, or null: specs are skipped then, and say so. */
export const electronPath = findElectron();

export const skippedBecause = 'no Electron: set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron';

export interface DesktopStudio {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly home: string;
}

export interface LaunchOptions {
  /** Data folder; a new one where absent. */
  readonly home?: string;
  readonly arguments?: readonly string[];
  /** What the system speaks, such as `de-DE`. Default English of Britain. */
  readonly locale?: string;
  /** A packed program instead of the source folder. */
  readonly executable?: string;
}

export const makeHome = () => mkdtemp(join(tmpdir(), 'dediffusion-desktop-'));
export const removeHome = (home: string) => rm(home, { recursive: true, force: true, maxRetries: 5 });

/** What every start shares: a display, a data folder of its own, and no Chromium sandbox where the superuser runs the tests. */
export async function desktopCommand(options: LaunchOptions = {}) {
  if (electronPath === null) throw new Error(skippedBecause);
  const home = options.home ?? (await makeHome());
  const language = `${(options.locale ?? 'en-GB').replace('-', '_')}.UTF-8`;
  const display = await startDisplay();
  const isSuperuser = process.getuid?.() === 0;
  const args = [
    ...(isSuperuser ? ['--no-sandbox'] : []),
    '--disable-gpu',
    ...(options.executable === undefined ? [root] : []),
    ...(options.arguments ?? []),
  ];
  // Options for the Node of the tests are not for the program's.
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'NODE_OPTIONS',
  );
  const spoken = { LANG: language, LC_ALL: language, LANGUAGE: language };
  const env = { ...Object.fromEntries(inherited), ...display, ...spoken, DEDIFFUSION_HOME: home };
  return { executablePath: options.executable ?? electronPath, args, env, home };
}

/** Attaching takes about a second, on a busy machine four. */
const attachLimitMs = 20_000;
const attachAttempts = 3;

/** How often the core of this data folder became ready, by the program's own log. */
async function countReady(home: string): Promise<number> {
  const log = await readFile(join(home, 'logs', 'desktop.log'), 'utf8').catch(() => '');
  return log.match(/"state":"ready"/g)?.length ?? 0;
}

/** The data folder of a program that was ended, once its host has ended as well and given it back. */
async function untilGivenBack(home: string): Promise<void> {
  for (;;) {
    try {
      lockLibrary(home, Date.now, () => undefined)();
      return;
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'library-in-use') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * The driver attaches to a page while it loads. Where it does so in the moment the page's address is committed, it never hears of that
 * and waits for ever, before a program that runs well (one start in eight beside five busy processes on two cores, none of sixty on quiet
 * ones). Such a program is ended by the driver's own limit and started again; one whose core did not become ready fails at once.
 */
async function attach(command: Awaited<ReturnType<typeof desktopCommand>>): Promise<ElectronApplication> {
  const { executablePath, args, env, home } = command;
  for (let attempt = 1; ; attempt++) {
    const readyBefore = await countReady(home);
    try {
      return await _electron.launch({ executablePath, args, env, cwd: root, timeout: attachLimitMs });
    } catch (error) {
      const runs = (await countReady(home)) > readyBefore;
      if (!(error instanceof errors.TimeoutError) || !runs || attempt === attachAttempts) throw error;
      await untilGivenBack(home);
    }
  }
}

/** Starts the desktop program and waits for its window. */
export async function launchDesktop(options: LaunchOptions = {}): Promise<DesktopStudio> {
  const command = await desktopCommand(options);
  const app = await attach(command);
  const page = await app.firstWindow();
  page.setDefaultTimeout(90_000);
  // Asked of the page itself: the driver may have missed the event, as it may miss the address.
  await page.waitForFunction(() => document.readyState !== 'loading');
  return { app, page, home: command.home };
}

/** Process ids of a process's children, from /proc. */
export async function childrenOf(processId: number): Promise<{ id: number; command: string }[]> {
  const found: { id: number; command: string }[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // Processes end while the list is read.
    const [status, command] = await Promise.all([
      readFile(`/proc/${name}/status`, 'utf8').catch(() => ''),
      readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''),
    ]);
    if (new RegExp(`^PPid:\\s+${processId}$`, 'm').test(status))
      found.push({ id: Number(name), command: command.replaceAll('\0', ' ') });
  }
  return found;
}

/** The host of a running program; null while there is none. */
export async function findHost(app: ElectronApplication): Promise<number | null> {
  const programId = app.process().pid;
  const children = programId === undefined ? [] : await childrenOf(programId);
  return children.find(({ command }) => command.includes('host-process.ts'))?.id ?? null;
}

/** The engine of a host; null while there is none. */
export async function findEngine(hostId: number): Promise<number | null> {
  const children = await childrenOf(hostId);
  return children.find(({ command }) => command.includes('engine-process.ts'))?.id ?? null;
}

/** Kills a process as a crash would. One that was killed before may be listed a moment longer than it can be killed. */
export function crash(processId: number | null): void {
  if (processId === null) return;
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
