import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Download, Page } from 'playwright-core';
import { launchBrowser } from './browser-launch.ts';
import { mayBeGone } from './may-be-gone.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Shorter than what a hook may take, so that what the core said of itself is told. Long, because a busy machine is not a fault of the core. */
const startLimitMs = 150_000;

export interface StudioUnderTest {
  readonly page: Page;
  /** What the page logged as an error or refused by its policy; a spec ends with this empty. */
  readonly complaints: readonly string[];
  /** Stops the core as a crash would. The page stays. */
  killCore(): Promise<void>;
  /** Starts the core again on the same library and port. */
  restartCore(): Promise<void>;
  /** Closes the studio as a person does in the evening, and starts it again on the same library, in the same browser. This one is over then. */
  startAgain(): Promise<StudioUnderTest>;
  /** What a person has on disk after an act that saves a file, as text. */
  saveFile(act: () => Promise<void>): Promise<string>;
  /** Names of the files a person has in one folder after an act that saves so many there, in order. */
  saveFiles(act: () => Promise<void>, count: number): Promise<readonly string[]>;
  /** Gives this file on disk to the dialog that an act opens. */
  chooseFile(act: () => Promise<void>, path: string): Promise<void>;
  /** Gives the page this room, in its own pixels. */
  resize(size: { readonly width: number; readonly height: number }): Promise<void>;
  close(): Promise<void>;
}

interface Core {
  readonly process: ChildProcess;
  readonly url: string;
  readonly port: number;
}

async function startCore(dataFolder: string, port: number): Promise<Core> {
  const child = spawn(process.execPath, ['main/shell/cli/dediffusion.ts', 'serve', '--port', String(port), '--json'], {
    cwd: root,
    env: { ...process.env, DEDIFFUSION_HOME: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  let text = '';
  for await (const line of createInterface({ input: child.stdout })) {
    text += line;
    const answer = /"url": *"([^"]+)".*"port": *(\d+)/.exec(text);
    if (answer?.[1] === undefined) continue;
    clearTimeout(timer);
    child.stdout.resume();
    return { process: child, url: answer[1], port: Number(answer[2]) };
  }
  clearTimeout(timer);
  throw new Error(`The core did not start: ${text} ${errors.join('')}`);
}

function stopped(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));
}

async function stopCore(core: Core, signal: NodeJS.Signals): Promise<void> {
  core.process.kill(signal);
  await stopped(core.process);
}

/**
 * The studio as a person has it: a core with an empty library of its own and its page in a browser.
 * The desktop's specs use a helper of the same shape.
 */
export async function launchStudio(options: BrowserContextOptions = {}): Promise<StudioUnderTest> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-e2e-'));
  let core = await startCore(dataFolder, 0);
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark', ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const close = async (): Promise<void> => {
    await browser.close();
    await stopCore(core, 'SIGTERM');
    await rm(dataFolder, { recursive: true, force: true });
  };
  const startAgain = async (): Promise<StudioUnderTest> => {
    await Promise.all(context.pages().map((page) => page.close()));
    await stopCore(core, 'SIGTERM');
    core = await startCore(dataFolder, core.port);
    return open();
  };
  return open();

  async function open(): Promise<StudioUnderTest> {
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error' && !mayBeGone(url)) complaints.push(`${message.text()} ${url}`);
    });
    await page.goto(core.url);
    return {
      page,
      complaints,
      killCore: () => stopCore(core, 'SIGKILL'),
      restartCore: async () => {
        core = await startCore(dataFolder, core.port);
        // Every start has a new key; opening the printed link gives it to the browser.
        await context.request.get(core.url);
      },
      startAgain,
      saveFile: async (act) => {
        const [download] = await Promise.all([page.waitForEvent('download'), act()]);
        return readFile(await download.path(), 'utf8');
      },
      saveFiles: async (act, count) => {
        const names: string[] = [];
        const all = new Promise<void>((resolve) => {
          const take = (download: Download): void => {
            names.push(download.suggestedFilename());
            if (names.length < count) return;
            page.off('download', take);
            resolve();
          };
          page.on('download', take);
        });
        await act();
        await all;
        return names.sort();
      },
      chooseFile: async (act, path) => {
        const asked = page.waitForEvent('filechooser');
        // By the answer to this the browser has been told to hand choosers over; a key may be quicker than that.
        await page.evaluate(() => undefined);
        await act();
        await (await asked).setFiles(path);
      },
      resize: (size) => page.setViewportSize(size),
      close,
    };
  }
}
