import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkFeeds } from '../../../tooling/release/check-feeds.ts';
import { writeSums } from '../../../tooling/release/make-artifacts.ts';
import { readChangelog } from '../../../tooling/release/read-changelog.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const changelog = `# Changes\n\n## Unreleased\n\n- Later.\n\n## 0.2.0 – 2026-12-01\n\n- Blends.\n\n### Mended\n\n- The rest.\n\n## 0.1.1\n\n- No day.\n\n## 0.1.0 – 2026-11-01\n`;

it('finds what the changes say of a version, to the next one', () => {
  expect(readChangelog(changelog, '0.2.0')).toEqual({ day: '2026-12-01', text: '- Blends.\n\n### Mended\n\n- The rest.' });
});

it.each([
  ['0.3.0', 'has no entry'],
  ['0.1.1', 'has no day'],
  ['0.1.0', 'is empty'],
])('refuses a version that nobody described: %s %s', (version, why) => {
  expect(() => readChangelog(changelog, version)).toThrow(why);
});

it('writes checksums as sha256sum does, twice the same', async () => {
  const folder = makeTemporaryFolder();
  writeFileSync(join(folder, 'b.deb'), 'bytes');
  writeFileSync(join(folder, 'a name.zip'), '');
  const names = await writeSums(folder);
  expect(names).toEqual(['a name.zip', 'b.deb', 'SHA256SUMS']);
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
  expect(sums).toContain('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a name.zip\n');
  expect(sums).toMatch(/^[0-9a-f]{64} {2}b\.deb$/m);
  await writeSums(folder);
  expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toBe(sums);
});

it('holds a feed against the files beside it', async () => {
  const folder = makeTemporaryFolder();
  const program = 'dediffusion-studio-0.2.0-x86_64.AppImage';
  writeFileSync(join(folder, program), 'a program');
  const sha512 = createHash('sha512').update('a program').digest('base64');
  const writeFeed = (version: string, sum: string, size: number, name = program) =>
    writeFileSync(
      join(folder, 'latest-linux.yml'),
      `version: ${version}\nfiles:\n  - url: ${name}\n    sha512: ${sum}\n    size: ${String(size)}\npath: ${name}\nsha512: ${sum}\nreleaseDate: '2026-11-29T12:00:00.000Z'\n`,
    );
  expect(await checkFeeds(folder, '0.2.0')).toEqual([]);
  writeFeed('0.2.0', sha512, 9);
  expect(await checkFeeds(folder, '0.2.0')).toEqual(['latest-linux.yml']);
  await expect(checkFeeds(folder, '0.3.0')).rejects.toThrow('offers 0.2.0, and this is 0.3.0');
  writeFeed('0.2.0', sha512, 10);
  await expect(checkFeeds(folder, '0.2.0')).rejects.toThrow('another size');
  writeFeed('0.2.0', `${'A'.repeat(86)}==`, 9);
  await expect(checkFeeds(folder, '0.2.0')).rejects.toThrow('another sum');
  writeFeed('0.2.0', sha512, 9, 'renamed.AppImage');
  await expect(checkFeeds(folder, '0.2.0')).rejects.toThrow('renamed.AppImage, which is not there');
  writeFileSync(join(folder, 'latest-linux.yml'), 'version: 0.2.0\nfiles: []\n');
  await expect(checkFeeds(folder, '0.2.0')).rejects.toThrow('names no file');
});

it('every action of the workflows is pinned by its hash and says its version', () => {
  const folder = fileURLToPath(new URL('../../../.github/workflows', import.meta.url));
  const uses = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/^.*\buses:.*$/gm) ?? []);
  expect(uses.length).toBeGreaterThan(5);
  for (const line of uses) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
