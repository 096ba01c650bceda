import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRegularFile, readRegularFile } from '../../../main/files/open-regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'dediffusion-regular-'));
afterAll(() => rmSync(folder, { recursive: true }));

const maximumBytes = 1000;

function place(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes, 7));
  return path;
}

describe('a regular file', () => {
  test('is read whole, up to the limit and not beyond', async () => {
    expect(await readRegularFile(place('empty', 0), { maximumBytes })).toHaveLength(0);
    expect(await readRegularFile(place('full', 1000), { maximumBytes })).toEqual(Buffer.alloc(1000, 7));
    const reading = readRegularFile(place('over', 1001), { maximumBytes });
    await expect(reading).rejects.toMatchObject({ code: 'file-unreadable', details: { reason: 'too-large', bytes: 1001 } });
  });

  test('is opened with its size, and its handle is the caller’s', async () => {
    const { handle, bytes } = await openRegularFile(place('opened', 12), { maximumBytes });
    expect(bytes).toBe(12);
    expect(await handle.readFile()).toHaveLength(12);
    await handle.close();
  });

  test('that is not there says so', async () => {
    const reading = readRegularFile(join(folder, 'nowhere'), { maximumBytes });
    await expect(reading).rejects.toMatchObject({ code: 'file-unreadable', details: { reason: 'ENOENT' } });
  });

  test('is not read for somebody who has left', async () => {
    const reason = new Error('left');
    const reading = readRegularFile(place('left', 5), { maximumBytes, signal: AbortSignal.abort(reason) });
    await expect(reading).rejects.toBe(reason);
  });
});

describe.skipIf(process.platform === 'win32')('what only looks like a file', () => {
  const refused = { code: 'file-unreadable', details: { reason: 'not-regular' } };

  test('a pipe is refused at once, and so is a link to it', async () => {
    const pipe = join(folder, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, join(folder, 'linked-pipe.png'));
    await expect(readRegularFile(pipe, { maximumBytes })).rejects.toMatchObject(refused);
    await expect(openRegularFile(pipe, { maximumBytes })).rejects.toMatchObject(refused);
    await expect(readRegularFile(join(folder, 'linked-pipe.png'), { maximumBytes })).rejects.toMatchObject(refused);
  });

  test('a device, a folder and a link to a device are refused', async () => {
    symlinkSync('/dev/zero', join(folder, 'zero.png'));
    for (const path of ['/dev/zero', folder, join(folder, 'zero.png')])
      await expect(readRegularFile(path, { maximumBytes })).rejects.toMatchObject(refused);
  });

  test('a link is followed, or refused where it may not be one', async () => {
    symlinkSync(place('behind', 3), join(folder, 'link'));
    expect(await readRegularFile(join(folder, 'link'), { maximumBytes })).toHaveLength(3);
    const reading = readRegularFile(join(folder, 'link'), { maximumBytes, followLinks: false });
    await expect(reading).rejects.toMatchObject(refused);
  });

  test.skipIf(process.platform !== 'linux')('a file that says it is empty and is not is read, and bounded', async () => {
    expect((await readRegularFile('/proc/self/status', { maximumBytes: 100_000 })).toString()).toContain('Name:');
    const reading = readRegularFile('/proc/self/status', { maximumBytes: 50 });
    await expect(reading).rejects.toMatchObject({ details: { reason: 'too-large' } });
  });
});
