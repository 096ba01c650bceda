import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildElectron } from '../../../tooling/package/build-electron.ts';
import { crash, electronPath, findHost, launchDesktop, removeHome, skippedBecause } from '../../helpers/electron-launch.ts';
import type { DesktopStudio } from '../../helpers/electron-launch.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';

/** All that the page's memory holds after a collection, as text. */
async function readHeap({ page }: DesktopStudio): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

/** Names of the files that hold this, in one byte a letter or in two. */
async function filesWith(folder: string, wanted: string): Promise<string[]> {
  const forms = [Buffer.from(wanted, 'latin1'), Buffer.from(wanted, 'utf16le')];
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (forms.some((form) => bytes.includes(form))) found.push(path);
  }
  return found;
}

describe.skipIf(electronPath === null)(`a key${electronPath === null ? ` (skipped, ${skippedBecause})` : ''}`, () => {
  // Made here, so that no source and no earlier run holds it. From the environment, because a keychain is not there on every machine.
  const key = `sk-planted-${randomUUID()}`;
  const { listener, heard } = modelServer((response) => writeChat(response, '{"colour":"white"}'));
  const server = createServer(listener);
  let studio: DesktopStudio;
  beforeAll(async () => {
    await buildElectron({ ifStale: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('DEDIFFUSION_SECRET_PLANTED', key);
    studio = await launchDesktop();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await studio.app.close();
    await removeHome(studio.home);
    server.closeAllConnections();
    server.close();
  });

  test('that is used is nowhere in the page’s memory and in no file', async () => {
    const { app, page, home } = studio;
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    const section = page.getByRole('region', { name: 'Connections' });
    await section.getByRole('button', { name: 'Add one by its address' }).click();
    const form = section.getByRole('form', { name: 'A connection' });
    const { port } = server.address() as AddressInfo;
    await form.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${port}/v1`);
    await form.getByRole('textbox', { name: /^Model/ }).fill('small');
    await form.getByRole('textbox', { name: 'Name here' }).fill('mine');
    await form.getByRole('textbox', { name: 'Name of its key' }).fill('planted');
    await form.getByRole('button', { name: 'Save' }).click();

    const card = section.getByRole('article', { name: 'mine' });
    await card.locator('button', { hasText: 'Agree and test' }).click({ timeout: 10_000 });
    await card.getByText('It keeps to the form asked for.', { exact: false }).waitFor();
    expect(heard.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
    const heap = await readHeap(studio);
    expect(heap.includes(`http://127.0.0.1:${port}/v1`)).toBe(true);
    expect(heap.includes(key)).toBe(false);

    // What a core that died leaves behind is looked at as well.
    const host = await findHost(app);
    crash(host);
    await expect.poll(() => findHost(app), { timeout: 60_000 }).not.toBe(host);
    expect(await filesWith(home, 'planted')).not.toEqual([]);
    expect(await filesWith(home, key)).toEqual([]);
  });
});
