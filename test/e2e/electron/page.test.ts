import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import { buildElectron } from '../../../tooling/package/build-electron.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { ElectronBorder } from '../../helpers/electron-border.ts';
import { desktopCommand, electronPath, launchDesktop, removeHome, skippedBecause } from '../../helpers/electron-launch.ts';
import type { DesktopStudio } from '../../helpers/electron-launch.ts';

const picturePath = fileURLToPath(new URL('../../fixtures/images/wide.png', import.meta.url));
const smallPath = fileURLToPath(new URL('../../fixtures/images/small.png', import.meta.url));
const otherPath = fileURLToPath(new URL('../../fixtures/images/odd.jpg', import.meta.url));

describe.skipIf(electronPath === null)(
  `page in the desktop${electronPath === null ? ` (skipped, ${skippedBecause})` : ''}`,
  () => {
    let studio: DesktopStudio;
    let border: ElectronBorder;
    let on: StudioPage;
    let folder: string;

    beforeAll(async () => {
      await buildElectron({ ifStale: true });
      folder = await mkdtemp(join(tmpdir(), 'desktop-page-'));
      studio = await launchDesktop();
      border = new ElectronBorder(studio.app);
      on = new StudioPage(studio.page);
      await studio.page.getByText('Connected', { exact: true }).waitFor();
      await on.samples.first().waitFor();
    });
    afterAll(async () => {
      await studio.app.close();
      await removeHome(studio.home);
      await rm(folder, { recursive: true });
    });

    const title = () => studio.page.title();
    /** Starts the program a second time, as the system does when a file or link is opened. */
    const startAgain = async (...given: string[]): Promise<void> => {
      const { executablePath, args, env } = await desktopCommand({ home: studio.home, arguments: given });
      await once(spawn(executablePath, args, { env, stdio: 'ignore' }), 'exit');
    };

    test('menus lead to places, and say why when something cannot be done', async () => {
      expect(await border.choose('show-settings')).toBe(true);
      await studio.page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
      await border.choose('show-studio');
      await on.words.waitFor();
      await border.choose('generate');
      await studio.page.getByText('There is no text yet.').waitFor();
      await border.choose('show-shortcuts');
      await studio.page.getByRole('dialog').waitFor();
      await studio.page.keyboard.press('Escape');
    });

    test('menus show the keys that the page’s commands have', async () => {
      const keysOf = (id: string) =>
        studio.app.evaluate(({ Menu }, itemId) => Menu.getApplicationMenu()?.getMenuItemById(itemId)?.accelerator ?? null, id);
      await expect.poll(() => keysOf('zoom-in'), patience).toBe('Plus');
      expect(await keysOf('generate')).toBe('CmdOrCtrl+Enter');
    });

    test('the button opens the system’s dialog, and what is chosen is read and drawn', async () => {
      await border.answerOpen([picturePath]);
      await studio.page.getByRole('button', { name: 'Choose a picture…' }).click();
      await expect.poll(title, patience).toContain('wide');
      await on.tokens.first().waitFor();
      await on.waitForResults(1);
    });

    test('several files from the menu: the first opens, the rest is told, a bad one is named', async () => {
      const notes = fileURLToPath(import.meta.url);
      await border.answerOpen([otherPath, picturePath, notes]);
      await border.choose('open-pictures');
      await expect.poll(title, patience).toContain('odd');
      await studio.page.getByText('2 pictures are in the library.').waitFor();
      await studio.page.getByText(/^page\.test\.ts: /).waitFor();
      await studio.page.getByRole('button', { name: 'Dismiss' }).click();
      await on.waitForResults(1);
    });

    test('recent work leads back to a picture', async () => {
      await expect.poll(() => border.recent(), patience).toEqual(['odd.jpg', 'wide.png']);
      await border.openRecent('wide.png');
      await expect.poll(title, patience).toContain('wide');
      await expect.poll(() => border.recent(), patience).toEqual(['wide.png', 'odd.jpg']);
      await on.waitForResults(1);
    });

    test('a file opened with the program a second time opens in the Studio', async () => {
      await startAgain(otherPath);
      await expect.poll(title, patience).toContain('odd');
      await on.tokens.first().waitFor();
      await on.waitForResults(1);
    });

    test('a link proposes its text and takes it only after a yes, which undo takes back', async () => {
      const before = await on.text();
      await startAgain('dediffusion://prompt?text=a%20red%20fox');
      await studio.page.getByRole('heading', { name: 'Use the text of a link?' }).waitFor();
      expect(await on.text()).toBe(before);
      await studio.page.getByRole('button', { name: 'Use this text' }).click();
      await expect.poll(() => on.text(), patience).toBe('a red fox');
      await border.choose('undo');
      await expect.poll(() => on.text(), patience).toBe(before);
    });

    test('undo in a plain field is the field’s own', async () => {
      const before = await on.text();
      await on.openSettings();
      const negative = studio.page.getByRole('textbox', { name: /negative/i });
      await negative.fill('blurry');
      await border.choose('undo');
      await expect.poll(() => negative.inputValue(), patience).toBe('');
      expect(await on.text()).toBe(before);
    });

    test('a result and the original are dragged out as files with a name', async () => {
      await border.recordDrags();
      const box = await on.results.first().boundingBox();
      if (box === null) throw new Error('The result is not on screen.');
      await studio.page.mouse.move(box.x + 30, box.y + 30);
      await studio.page.mouse.down();
      await studio.page.mouse.move(box.x + 60, box.y - 60, { steps: 8 });
      await studio.page.mouse.up();
      await expect.poll(() => border.drags(), patience).toHaveLength(1);
      const original = await on.original.boundingBox();
      if (original === null) throw new Error('The original is not on screen.');
      await studio.page.mouse.move(original.x + original.width / 2, original.y + original.height / 2);
      await studio.page.mouse.down();
      await studio.page.mouse.move(original.x + original.width / 2, original.y + original.height / 2 + 60, { steps: 8 });
      await studio.page.mouse.up();
      await expect.poll(() => border.drags(), patience).toHaveLength(2);
      const [file = '', originalFile = ''] = await border.drags();
      expect(await readFile(originalFile)).toEqual(await readFile(otherPath));
      expect(basename(file)).toMatch(/^odd(\.jpg)?, seed \d+\.png$/);
      expect((await readFile(file)).subarray(1, 4).toString('latin1')).toBe('PNG');
    });

    test('a tile of the library is dragged out by its handle, and put on a board by the rest of it', async () => {
      await border.recordDrags();
      await studio.page.getByRole('button', { name: 'Library', exact: true }).click();
      await on.spreadStacks();
      const drawn = studio.page.getByRole('option', { name: /^Drawn: / }).first();
      const tile = studio.page.getByRole('option', { name: /^Picture: odd/ }).first();
      for (const one of [tile, drawn]) {
        await one.hover();
        const handle = await one.locator('[data-drag-out]').boundingBox();
        if (handle === null) throw new Error('The handle is not on screen.');
        await studio.page.mouse.move(handle.x + 14, handle.y + 14);
        await studio.page.mouse.down();
        await studio.page.mouse.move(handle.x + 14, handle.y + 90, { steps: 8 });
        await studio.page.mouse.up();
        await expect.poll(() => border.drags(), patience).toHaveLength(one === tile ? 1 : 2);
      }
      const [file = '', drawnFile = ''] = await border.drags();
      expect(await readFile(file)).toEqual(await readFile(otherPath));
      expect(basename(file)).toBe('odd.jpg');
      // Of two files dropped on the library, the one that was dragged out of it is known.
      const count = await studio.page.getByRole('option').count();
      const dropped = await Promise.all([drawnFile, smallPath].map((path) => readFile(path, 'base64')));
      await studio.page.getByRole('main', { name: 'Library' }).evaluate((library, files) => {
        const carried = new DataTransfer();
        for (const [at, base64] of files.entries()) {
          const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
          carried.items.add(new File([bytes], `dropped ${at}.png`, { type: 'image/png' }));
        }
        library.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
      }, dropped);
      await studio.page.getByRole('option', { name: 'Picture: dropped 1' }).waitFor();
      expect(await studio.page.getByRole('option').count()).toBe(count + 1);
      await studio.page.getByRole('button', { name: 'New board' }).click();
      await studio.page.getByRole('textbox', { name: 'Name of the new board' }).fill('Kept');
      await studio.page.keyboard.press('Enter');
      const board = studio.page.getByRole('navigation', { name: 'Parts of the library' }).getByRole('button', { name: /^Kept/ });
      await tile.dragTo(board, { sourcePosition: { x: 30, y: 30 } });
      await expect.poll(() => board.innerText(), patience).toMatch(/1/);
      expect(await border.drags()).toHaveLength(2);
      await border.choose('show-studio');
      await on.results.first().waitFor();
    });

    test('the picture and the prompt are saved where the person says', async () => {
      await border.answerSave(join(folder, 'kept.png'));
      await border.choose('save-picture');
      await studio.page.getByText('Saved as kept.png.').waitFor();
      const shown = await on.results.first().locator('img').getAttribute('src');
      const served = await studio.page.evaluate(
        async (address) => [...new Uint8Array(await (await fetch(address ?? '')).arrayBuffer())],
        shown,
      );
      expect([...(await readFile(join(folder, 'kept.png')))]).toEqual(served);
      await border.answerSave(join(folder, 'words.json'));
      await border.choose('save-prompt');
      await studio.page.getByText('Saved as words.json.').waitFor();
      const saved = promptDocumentSchema.parse(JSON.parse(await readFile(join(folder, 'words.json'), 'utf8')));
      expect(saved.slots).toHaveLength(await on.tokens.count());
      await border.answerSave(null);
      await border.choose('save-picture');
      await border.answerSave(join(folder, 'absent', 'a.png'));
      await border.choose('save-picture');
      await studio.page.getByText('The file could not be written there.').waitFor();
      await studio.page.getByRole('button', { name: 'Dismiss' }).click();
    });

    test('a picture goes to the clipboard, and one from there is read', async () => {
      await border.choose('copy-picture');
      await studio.page.getByText('The picture is on the clipboard.').waitFor();
      const copied = await studio.app.evaluate(({ clipboard }) =>
        (clipboard as unknown as { readImage(): Electron.NativeImage }).readImage().getSize(),
      );
      expect(copied.width).toBeGreaterThan(0);
      await border.choose('paste-picture');
      await expect.poll(title, patience).toContain('Pasted picture');
      await on.waitForResults(1);
      await studio.app.evaluate(({ clipboard }) => clipboard.clear());
      await border.choose('paste-picture');
      await studio.page.getByText('There is no picture on the clipboard.').waitFor();
    });

    test('a job that ends in the background is told, and shows in the taskbar while it runs', async () => {
      await border.recordBackground();
      // Only what takes more than eight seconds is told, so the job has to be a long one.
      await on.openSettings();
      await studio.page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('150');
      await studio.page.keyboard.press('Tab');
      for (let more = 0; more < 15; more += 1) await studio.page.getByRole('button', { name: 'One picture more' }).click();
      const known = await on.results.count();
      await on.generate.click();
      await on.waitForResults(known + 16);
      await expect.poll(async () => (await border.background()).progress.at(-1), patience).toBe(-1);
      const { told, progress } = await border.background();
      expect(told).toHaveLength(1);
      expect(progress.some((fraction) => fraction >= 0)).toBe(true);
    });
  },
);
