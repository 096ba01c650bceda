import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AddedFile, DesktopBridge, MenuCommand } from '../../../contract/desktop.ts';
import { buildElectron } from '../../../tooling/package/build-electron.ts';
import { electronPath, launchDesktop, removeHome, skippedBecause } from '../../helpers/electron-launch.ts';
import type { DesktopStudio } from '../../helpers/electron-launch.ts';

const picturePath = fileURLToPath(new URL('../../fixtures/images/wide.png', import.meta.url));

interface PageWindow extends Window {
  readonly dediffusion: DesktopBridge;
  heard?: unknown[];
}
declare const window: PageWindow;

describe.skipIf(electronPath === null)(`desktop program${electronPath === null ? ` (skipped, ${skippedBecause})` : ''}`, () => {
  let studio: DesktopStudio;
  let folder: string;
  let sha256: string;

  beforeAll(async () => {
    await buildElectron({ ifStale: true });
    folder = await mkdtemp(join(tmpdir(), 'desktop-'));
    sha256 = createHash('sha256')
      .update(await readFile(picturePath))
      .digest('hex');
    studio = await launchDesktop();
    await studio.page.getByText('Connected', { exact: true }).waitFor();
  });
  afterAll(async () => {
    await studio.app.close();
    await removeHome(studio.home);
    await rm(folder, { recursive: true });
  });

  /** Clicks an item of the menu bar. */
  const choose = (id: string) =>
    studio.app.evaluate(({ Menu, BrowserWindow }, itemId) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
      item?.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
      return item !== null && item !== undefined;
    }, id);

  test('the window opens with the page, titled, and of a size to work in', async () => {
    expect(await studio.page.title()).toContain('De-Diffusion Studio');
    const bounds = await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds?.width).toBeGreaterThanOrEqual(800);
    await studio.page.getByRole('button', { name: 'Choose a picture…' }).waitFor();
  });

  test('where nobody chose a language, the page speaks the system’s', async () => {
    const { app, page, home } = await launchDesktop({ locale: 'de-DE' });
    await page.getByRole('button', { name: 'Einstellungen', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await app.close();
    await removeHome(home);
  });

  test('studio:// serves the page, the pack’s pictures and the library’s', async () => {
    const sample = studio.page.locator('img[src*="/samples/"]').first();
    await sample.waitFor();
    await expect
      .poll(() => sample.evaluate((image) => (image as HTMLImageElement).naturalWidth), { timeout: 60_000 })
      .toBeGreaterThan(0);
  });

  test('a picture chosen in the system’s dialog comes into the library and is served back byte for byte', async () => {
    await studio.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, picturePath);
    const outcome = await studio.page.evaluate(() => window.dediffusion.choosePictures());
    expect(outcome).toMatchObject({
      type: 'done',
      value: [{ name: 'wide.png', error: null, item: { kind: 'picture', image: { sha256 } } }],
    });
    const served = await studio.page.evaluate(async (name) => {
      const bytes = await (await fetch(`/images/${name}`)).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    }, sha256);
    expect(served).toBe(sha256);
  });

  test('a model file is chosen by its path, and a cancelled dialog gives none', async () => {
    const answer = (filePaths: string[]) =>
      studio.app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: chosen.length === 0, filePaths: chosen });
      }, filePaths);
    const choose = () => studio.page.evaluate(() => window.dediffusion.chooseModelFile());
    await answer(['/models/model.safetensors']);
    expect(await choose()).toEqual({ type: 'done', value: '/models/model.safetensors' });
    await answer([]);
    expect(await choose()).toEqual({ type: 'done', value: null });
  });

  test('a cancelled dialog adds nothing', async () => {
    await studio.app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: true, filePaths: [] });
    });
    expect(await studio.page.evaluate(() => window.dediffusion.choosePictures())).toEqual({ type: 'done', value: [] });
  });

  test('a dropped file is added from where it lies', async () => {
    // A file input gives the page a File with a place on disk, as a drop does.
    await studio.page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.id = 'dropped';
      document.body.append(input);
    });
    await studio.page.locator('#dropped').setInputFiles(picturePath);
    const outcome = await studio.page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#dropped');
      const files = [...(input?.files ?? [])];
      input?.remove();
      return window.dediffusion.addFiles(files);
    });
    expect(outcome).toMatchObject({ type: 'done', value: [{ name: basename(picturePath), error: null }] });
    const made = await studio.page.evaluate(() => window.dediffusion.addFiles([new File(['x'], 'made.png')]));
    expect(made).toMatchObject({ type: 'failed', error: { code: 'bad-request' } });
  });

  test('menu commands reach the page, and files chosen in the menu too', async () => {
    await studio.page.evaluate(() => {
      const heard: unknown[] = [];
      window.heard = heard;
      window.dediffusion.onCommand((command: MenuCommand) => heard.push(command));
      window.dediffusion.onFiles((files: readonly AddedFile[]) => heard.push(...files.map(({ name }) => name)));
      return window.dediffusion.greet();
    });
    await studio.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, picturePath);
    for (const id of ['show-palette', 'zoom-in', 'open-pictures']) expect(await choose(id)).toBe(true);
    await expect
      .poll(() => studio.page.evaluate(() => window.heard), { timeout: 60_000 })
      .toEqual(['show-palette', 'zoom-in', 'wide.png']);
  });

  test('pictures and texts are saved where the person says', async () => {
    const saveAs = (path: string) =>
      studio.app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === '', filePath });
      }, path);
    await saveAs(join(folder, 'kept.png'));
    const picture = await studio.page.evaluate((name) => window.dediffusion.savePicture({ sha256: name, title: 'Kept' }), sha256);
    expect(picture).toEqual({ type: 'done', value: 'kept.png' });
    expect(await readFile(join(folder, 'kept.png'))).toEqual(await readFile(picturePath));
    await saveAs(join(folder, 'words.txt'));
    await studio.page.evaluate(() => window.dediffusion.saveText({ text: 'a red fox', title: 'Words', extension: 'txt' }));
    expect(await readFile(join(folder, 'words.txt'), 'utf8')).toBe('a red fox');
    await saveAs('');
    expect(await studio.page.evaluate((name) => window.dediffusion.savePicture({ sha256: name, title: '' }), sha256)).toEqual({
      type: 'done',
      value: null,
    });
    await saveAs(join(folder, 'absent', 'a.txt'));
    const failed = await studio.page.evaluate(() => window.dediffusion.saveText({ text: '', title: '', extension: 'txt' }));
    expect(failed).toMatchObject({ type: 'failed', error: { code: 'file-unwritable' } });
  });

  test('a picture goes to the clipboard and comes back with its size', async () => {
    await studio.app.evaluate(({ clipboard }) => clipboard.clear());
    expect(await studio.page.evaluate(() => window.dediffusion.readClipboardPicture())).toEqual({ type: 'done', value: null });
    expect(await studio.page.evaluate((name) => window.dediffusion.copyPicture({ sha256: name, title: '' }), sha256)).toEqual({
      type: 'done',
      value: null,
    });
    const size = await studio.page.evaluate(async (name) => {
      const measure = async (blob: Blob) => {
        const bitmap = await createImageBitmap(blob);
        return [bitmap.width, bitmap.height];
      };
      const outcome = await window.dediffusion.readClipboardPicture();
      if (outcome.type === 'failed' || outcome.value === null) return null;
      const stored = await (await fetch(`/images/${name}`)).blob();
      return { copied: await measure(new Blob([new Uint8Array(outcome.value)])), stored: await measure(stored) };
    }, sha256);
    expect(size?.copied).toEqual(size?.stored);
  });

  test('a picture is dragged out as a file with its title', async () => {
    await studio.app.evaluate(({ BrowserWindow }) => {
      const here = globalThis as unknown as { dragged?: unknown };
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents !== undefined)
        contents.startDrag = ({ file, icon }) =>
          (here.dragged = { file, height: icon instanceof Object && icon.getSize().height });
    });
    await studio.page.evaluate((name) => window.dediffusion.dragPicture({ sha256: name, title: 'Fox at dawn' }), sha256);
    const read = () =>
      studio.app.evaluate(() => (globalThis as unknown as { dragged?: { file: string; height: number } }).dragged ?? null);
    await expect.poll(read, { timeout: 30_000 }).not.toBeNull();
    const dragged = await read();
    expect(basename(dragged?.file ?? '')).toBe('Fox at dawn.png');
    expect(dragged?.height).toBe(96);
    expect(await readFile(dragged?.file ?? '')).toEqual(await readFile(picturePath));
  });

  test('recent work stands in the menu and leads back to the item', async () => {
    await studio.page.evaluate(() => {
      const heard: unknown[] = [];
      window.heard = heard;
      window.dediffusion.onLink((link) => heard.push(link));
      window.dediffusion.noteWork({ itemId: 'item-1', title: 'Fox at dawn' });
    });
    const click = () =>
      studio.app.evaluate(({ Menu, BrowserWindow }) => {
        const entries = Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items ?? [];
        const entry = entries.find(({ label }) => label === 'Fox at dawn');
        entry?.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
        return entry !== undefined;
      });
    await expect.poll(click, { timeout: 30_000 }).toBe(true);
    await expect.poll(() => studio.page.evaluate(() => window.heard)).toEqual([{ type: 'item', itemId: 'item-1' }]);
  });
});
