import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { buildElectron } from '../../tooling/package/build-electron.ts';
import type { StudioUnderTest } from './browser-launch-studio.ts';
import { crash, findHost, launchDesktop, removeHome } from './electron-launch.ts';
import { mayBeGone } from './may-be-gone.ts';

/** What a spec may ask of the browser that this gives as well. */
const answered = new Set(['colorScheme', 'deviceScaleFactor', 'forcedColors', 'locale', 'reducedMotion', 'viewport']);

/**
 * The same studio as `browser-launch-studio.ts` gives, in the desktop program: the specs of the browser run over it unchanged
 * (vitest.config.ts puts this file in the other's place).
 */
export async function launchStudio(options: BrowserContextOptions = {}): Promise<StudioUnderTest> {
  const unanswered = Object.keys(options).filter((name) => !answered.has(name));
  if (unanswered.length > 0) throw new Error(`The desktop program is not started with ${unanswered.join(', ')}.`);
  await buildElectron({ ifStale: true });
  return open(options, {});
}

/** @param place the data folder of an earlier start; empty for a new one */
async function open(options: BrowserContextOptions, place: { readonly home?: string }): Promise<StudioUnderTest> {
  const spoken = options.locale === undefined ? {} : { locale: options.locale };
  const scaled =
    options.deviceScaleFactor === undefined ? {} : { arguments: [`--force-device-scale-factor=${options.deviceScaleFactor}`] };
  const { app, page, home } = await launchDesktop({ ...spoken, ...scaled, ...place });
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !mayBeGone(url)) complaints.push(`${message.text()} ${url}`);
  });
  const resize = async (size: { readonly width: number; readonly height: number }): Promise<void> => {
    await app.evaluate(
      ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
      size,
    );
    await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size);
  };
  await resize(options.viewport ?? { width: 1280, height: 800 });
  await app.evaluate(({ session }) => {
    // A spec reads the clipboard to see what was copied; the program itself denies it.
    session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
      answer(permission.startsWith('clipboard')),
    );
    session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission.startsWith('clipboard'));
  });
  await page.emulateMedia({
    colorScheme: options.colorScheme ?? 'dark',
    ...(options.reducedMotion === undefined ? {} : { reducedMotion: options.reducedMotion }),
    ...(options.forcedColors === undefined ? {} : { forcedColors: options.forcedColors }),
  });
  const coreStates = async () => (await readFile(join(home, 'logs', 'desktop.log'), 'utf8')).match(/"state":"\w+"/g) ?? [];
  return {
    page,
    complaints,
    killCore: async () => {
      // The program starts a killed core again, so it is killed until the program gives up.
      for (;;) {
        crash(await findHost(app));
        if ((await coreStates()).at(-1) === '"state":"failed"') return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    restartCore: async () => {
      await app.evaluate(({ Menu, BrowserWindow }) => {
        Menu.getApplicationMenu()?.getMenuItemById('restart-core')?.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
      });
      while ((await coreStates()).at(-1) !== '"state":"ready"') await new Promise((resolve) => setTimeout(resolve, 50));
    },
    startAgain: async () => {
      await app.close();
      return open(options, { home });
    },
    saveFile: async (act) => {
      const filePath = join(home, `saved-${Date.now()}`);
      // Nobody sits before the system's dialog.
      await app.evaluate(({ dialog }, path) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
      }, filePath);
      await act();
      while (!existsSync(filePath)) await new Promise((resolve) => setTimeout(resolve, 50));
      return readFile(filePath, 'utf8');
    },
    saveFiles: async (act, count) => {
      const folder = await mkdtemp(join(home, 'saved-'));
      await app.evaluate(({ dialog }, path) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      }, folder);
      await act();
      const list = async (): Promise<string[]> => (await readdir(folder)).filter((name) => !name.startsWith('.'));
      while ((await list()).length < count) await new Promise((resolve) => setTimeout(resolve, 50));
      return (await list()).sort();
    },
    chooseFile: async (act, path) => {
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
      }, path);
      await act();
    },
    resize,
    close: async () => {
      await app.close();
      await removeHome(home);
    },
  };
}
