import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packageApp } from '../package/package-app.ts';
import { checkFeeds } from './check-feeds.ts';

const SUMS = 'SHA256SUMS';

/** What electron-builder leaves for people and for the updater, and not its notes for us. */
const isPackage = (name: string): boolean =>
  /\.(AppImage|deb|tar\.gz|exe|dmg|zip|blockmap|yml)$/.test(name) && !name.startsWith('builder-');

/**
 * Makes the folder of a release anew: the packages of this system, the bill of materials, the notices.
 *
 * @param root the project's folder
 * @param version of the release
 * @param folder made anew
 * @param formats of electron-builder, such as `tar.gz`; none: all of this system
 */
export async function makeArtifacts(root: string, version: string, folder: string, formats: readonly string[]): Promise<void> {
  const packages = join(root, 'dist', 'package');
  for (const old of [folder, packages]) await rm(old, { recursive: true, force: true });
  const missing = await packageApp({ formats, outFolder: packages });
  if (missing.length > 0)
    throw new Error(`${missing.map(({ reason }) => reason).join(' ')} "--formats" names what a release may do without.`);
  await mkdir(folder, { recursive: true });
  for (const name of (await readdir(packages)).filter(isPackage)) await copyFile(join(packages, name), join(folder, name));
  await checkFeeds(folder, version);
  // The page's scripts are built from packages that npm knows as those of development, so they are part of the bill.
  const bill = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx'], {
    ...{ cwd: root, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] },
    // On Windows npm is a script.
    shell: process.platform === 'win32',
  });
  await writeFile(join(folder, 'sbom.cdx.json'), bill);
  const notices = join(root, 'dist', 'renderer', 'notices.txt');
  await copyFile(notices, join(folder, `notices-${process.platform}-${process.arch}.txt`));
}

/** Writes `SHA256SUMS` over all other files of a folder, in the form that `sha256sum --check` reads. Returns their names. */
export async function writeSums(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name !== SUMS).sort();
  const lines: string[] = [];
  for (const name of names) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  await writeFile(join(folder, SUMS), lines.join(''));
  return [...names, SUMS];
}
