import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DesktopBridge } from '../../../contract/desktop.ts';
import type { HostOrder } from '../../../main/shell/electron/host/host-protocol.ts';
import { buildElectron } from '../../../tooling/package/build-electron.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import {
  crash,
  desktopCommand,
  electronPath,
  findEngine,
  findHost,
  launchDesktop,
  makeHome,
  removeHome,
  skippedBecause,
} from '../../helpers/electron-launch.ts';
import type { DesktopStudio } from '../../helpers/electron-launch.ts';

const picturePath = fileURLToPath(new URL('../../fixtures/images/wide.png', import.meta.url));

interface PageWindow extends Window {
  readonly dediffusion: DesktopBridge;
  heard?: unknown[];
}
declare const window: PageWindow;

/** Whether the browser's store has a text on the disk: it is a log of records, with one or two bytes a letter. */
async function isWrittenDown(home: string, text: string): Promise<boolean> {
  const folder = join(home, 'desktop', 'Local Storage', 'leveldb');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const logs = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return logs.some((log) => log.includes(text, 0, 'latin1') || log.includes(text, 0, 'utf16le'));
}

describe.skipIf(electronPath === null)(`desktop recovery${electronPath === null ? ` (skipped, ${skippedBecause})` : ''}`, () => {
  let home: string;
  let studio: DesktopStudio | null = null;
  beforeAll(async () => {
    await buildElectron({ ifStale: true });
    home = await makeHome();
  });
  afterEach(async () => {
    await studio?.app.close();
    studio = null;
  });
  afterAll(() => removeHome(home));

  const start = async (arguments_: readonly string[] = []): Promise<DesktopStudio> => {
    studio = await launchDesktop({ home, arguments: arguments_ });
    studio.page.setDefaultTimeout(90_000);
    await studio.page.getByText('Connected', { exact: true }).waitFor();
    return studio;
  };

  test.runIf(process.platform === 'linux')('a killed host leaves window and text, is noted, and is back by itself', async () => {
    const { app, page } = await start();
    const on = new StudioPage(page);
    await on.toEnd();
    await page.keyboard.type('a red fox in snow');
    const first = await findHost(app);
    const greeting = await page.evaluate(() => {
      const heard: string[] = [];
      window.heard = heard;
      window.dediffusion.onCore(({ type }) => heard.push(type));
      return window.dediffusion.greet();
    });
    expect(greeting).toMatchObject({ value: { core: { type: 'ready' } } });
    expect(first).not.toBeNull();
    crash(first);
    await expect.poll(() => page.evaluate(() => window.heard), patience).toEqual(['restarting', 'starting', 'ready']);
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await on.text()).toBe('a red fox in snow');
    expect(await findHost(app)).not.toBe(first);
    expect(page.url()).toBe('studio://app/');
    expect((await readdir(join(home, 'logs', 'crashes'))).filter((name) => name.endsWith('-host.json'))).toHaveLength(1);
  });

  test.runIf(process.platform === 'linux')(
    'an engine killed in the middle of a job costs the job at most, never the window, the host or the queue',
    async () => {
      const { app, page } = await start();
      const on = new StudioPage(page);
      await on.toEnd();
      await page.keyboard.type(' sun');
      const hostId = (await findHost(app)) ?? 0;
      await on.openSettings();
      await page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('60');
      await page.keyboard.press('Tab');
      for (let more = 0; more < 7; more += 1) await page.getByRole('button', { name: 'One picture more' }).click();
      await on.generate.click();
      await page
        .getByText(/Denoising \d+\/60/)
        .first()
        .waitFor();
      const engineId = await findEngine(hostId);
      expect(engineId).not.toBeNull();
      crash(engineId);
      await expect.poll(() => findEngine(hostId), patience).not.toBe(engineId);
      expect(await findHost(app)).toBe(hostId);
      await page.keyboard.press('Escape');
      await on.generate.waitFor();
      await page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('2');
      await page.keyboard.press('Tab');
      for (let less = 0; less < 7; less += 1) await page.getByRole('button', { name: 'One picture less' }).click();
      const known = await on.results.count();
      await on.generate.click();
      await on.waitForResults(known + 1);
    },
  );

  test('unsaved text survives the whole program being killed', async () => {
    const { app, page } = await start();
    const on = new StudioPage(page);
    await on.toEnd();
    await page.keyboard.type(' beside a castle');
    const written = await on.text();
    // The browser writes storage down within a minute; the program asks for it every three seconds.
    // By then the words may have become tokens, which lie one by one; this one is whole.
    await expect.poll(() => isWrittenDown(home, 'castle'), { timeout: 20_000 }).toBe(true);
    const ended = once(app.process(), 'exit');
    app.process().kill('SIGKILL');
    await ended;
    studio = null;
    const again = await start();
    await expect.poll(() => new StudioPage(again.page).text(), patience).toBe(written);
  });

  test('the window comes back where it was', async () => {
    const place = { x: 60, y: 40, width: 1000, height: 720 };
    const readPlace = (from: DesktopStudio) =>
      from.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    const first = await start();
    await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), place);
    await expect.poll(() => readPlace(first), patience).toEqual(place);
    await first.app.close();
    expect(await readPlace(await start())).toEqual(place);
  });

  test('a second start hands over its file and its link, and ends', async () => {
    const { page } = await start();
    await page.evaluate(() => {
      const heard: unknown[] = [];
      window.heard = heard;
      window.dediffusion.onFiles((files) => heard.push(...files.map(({ name, error }) => error ?? name)));
      window.dediffusion.onLink((link) => heard.push(link));
      return window.dediffusion.greet();
    });
    const { executablePath, args, env } = await desktopCommand({
      home,
      arguments: [picturePath, 'dediffusion://prompt?text=a%20fox'],
    });
    const [code] = (await once(spawn(executablePath, args, { env, stdio: 'ignore' }), 'exit')) as [number | null];
    expect(code).toBe(0);
    await expect.poll(() => page.evaluate(() => window.heard), patience).toEqual([{ type: 'prompt', text: 'a fox' }, 'wide.png']);
  });

  test('a file and a link the program is opened with wait for the page and the core', async () => {
    const { page } = await start([picturePath, 'dediffusion://prompt?text=a%20fox']);
    await expect.poll(() => page.title(), patience).toContain('wide');
    await page.getByRole('heading', { name: 'Use the text of a link?' }).waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await new StudioPage(page).tokens.first().waitFor();
  });

  test.runIf(process.platform === 'linux')('a core that gave up is said so, and one button starts it again', async () => {
    const { app, page } = await start();
    const on = new StudioPage(page);
    // The window remembers the narrow place of a test before, where the settings fold away.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
    // A drawing that the test before left to the queue has ended.
    await on.generate.waitFor();
    await on.toEnd();
    await page.keyboard.type(' a dog');
    const restart = page.getByRole('button', { name: 'Restart the core' });
    while (!(await restart.isVisible())) {
      crash(await findHost(app));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const banner = page.getByRole('alert').filter({ has: restart });
    expect(await banner.innerText()).toContain('stopped several times in a row');
    // The core may have died in the middle of a drawing, which it goes on with when it is back.
    const draw = page.getByRole('button', { name: /^(Generate|Add to the queue)/ });
    expect(await draw.isEnabled()).toBe(false);
    await restart.click();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await restart.isVisible()).toBe(false);
    expect(await on.text()).toContain('a dog');
    await expect.poll(() => on.generate.isEnabled(), patience).toBe(true);
  });

  test('a library that another studio holds is said so, and opened when it is free', async () => {
    const entry = fileURLToPath(new URL('../../../main/shell/electron/host/host-process.ts', import.meta.url));
    const holder = spawn(process.execPath, [entry], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, DEDIFFUSION_HOME: home },
    });
    const order: HostOrder = { type: 'open', socketPath: join(home, 'holder'), token: 'h'.repeat(43), secrets: {} };
    const report = once(holder, 'message');
    holder.send(order);
    expect((await report)[0]).toEqual({ type: 'ready' });
    studio = await launchDesktop({ home });
    const { app, page } = studio;
    const readCore = () => page.evaluate(() => window.dediffusion.greet());
    await expect
      .poll(readCore, patience)
      .toMatchObject({ value: { core: { type: 'failed', error: { code: 'library-in-use' } } } });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await page.getByText('The studio’s core does not answer.').waitFor();
    await page.getByRole('button', { name: 'Restart the core' }).click();
    await expect.poll(readCore, patience).toMatchObject({ value: { core: { type: 'ready' } } });
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await findHost(app)).not.toBeNull();
  });
});
