import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import type { CleanRoot } from './clean-root.ts';

/** How a package comes into a system and leaves it. Paths are inside the root. */
export interface PackageKind {
  /** Ending of its file. */
  readonly ending: string;
  /** The same package as a later version of itself, packed without pressing it together. Returns its file, outside. */
  readonly makeNext: (file: string, folder: string, version: string) => Promise<string>;
  /** Installs, or installs over what is there. Returns the program to start. */
  readonly install: (root: CleanRoot, file: string) => Promise<string>;
  /** Text of the installed program's package.json. */
  readonly readManifest: (root: CleanRoot) => Promise<string>;
  readonly remove: (root: CleanRoot) => Promise<void>;
}

const program = 'dediffusion-studio';
const manifestInProgram = 'resources/studio/package.json';
const optFolder = '/opt/De-Diffusion Studio';
const home = '/home/artist';

const run = (command: string, ...words: readonly string[]) =>
  execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** @throws Error for anything that is no manifest of ours */
export function raiseVersion(manifest: string, version: string): string {
  const parsed = z.looseObject({ version: z.string() }).parse(JSON.parse(manifest));
  return `${JSON.stringify({ ...parsed, version }, null, 2)}\n`;
}

/** A later version that is written with as many characters. */
export function nextVersion(version: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (minor % 10 < 9) return `${String(major)}.${String(minor + 1)}.${String(patch)}`;
  return patch % 10 < 9
    ? `${String(major)}.${String(minor)}.${String(patch + 1)}`
    : `${String(major + 1)}.${String(minor)}.${String(patch)}`;
}

/**
 * The program's own archive with another version in its package.json. It tells sizes and places of files in its head, so that the new
 * version must be as long as the old one.
 *
 * @throws Error where it is not, or where the archive holds no manifest of ours
 */
export function raiseArchive(archive: Buffer, version: string): Buffer {
  const text = archive.toString('latin1');
  const manifest = /"name": ?"dediffusion-studio"[^{}]*?"version": ?"([^"]+)"/.exec(text);
  const old = manifest?.[1];
  if (manifest === null || old?.length !== version.length)
    throw new Error(`The archive of the program says ${String(old)}, which ${version} cannot be written over.`);
  const at = manifest.index + manifest[0].length - 1 - old.length;
  const raised = Buffer.from(archive);
  raised.write(version, at, 'latin1');
  return raised;
}

async function raiseIn(folder: string, version: string): Promise<void> {
  const path = join(folder, manifestInProgram);
  await writeFile(path, raiseVersion(await readFile(path, 'utf8'), version));
  const archive = join(folder, 'resources', 'app.asar');
  await writeFile(archive, raiseArchive(await readFile(archive), version));
}

/** The one folder in an unpacked archive. */
function topOf(folder: string): string {
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`Nothing lies in ${folder}.`);
  return name;
}

const deb: PackageKind = {
  ending: '.deb',
  makeNext: async (file, folder, version) => {
    const tree = join(folder, 'tree');
    run('dpkg-deb', '--raw-extract', file, tree);
    await raiseIn(join(tree, optFolder), version);
    const control = join(tree, 'DEBIAN', 'control');
    await writeFile(control, (await readFile(control, 'utf8')).replace(/^Version: .*$/m, `Version: ${version}`));
    const next = join(folder, `next_${version}.deb`);
    run('dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, next);
    await rm(tree, { recursive: true });
    return next;
  },
  install: async (root, file) => {
    const inside = await root.bring(file);
    root.run('apt-get', 'install', '-y', '-q', '--no-install-recommends', inside);
    await rm(root.outside(inside));
    return `/usr/bin/${program}`;
  },
  readManifest: (root) => readFile(root.outside(join(optFolder, manifestInProgram)), 'utf8'),
  remove: async (root) => {
    root.run('apt-get', 'purge', '-y', '-q', program);
    await Promise.resolve();
  },
};

const archive: PackageKind = {
  ending: '.tar.gz',
  makeNext: async (file, folder, version) => {
    const tree = join(folder, 'tree');
    await mkdir(tree);
    run('tar', 'xzf', file, '-C', tree);
    await raiseIn(join(tree, topOf(tree)), version);
    const next = join(folder, `next-${version}.tar.gz`);
    const packing = spawn('tar', ['-cf', '-', '-C', tree, topOf(tree)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await pipeline(packing.stdout, createGzip({ level: 0 }), createWriteStream(next));
    await rm(tree, { recursive: true });
    return next;
  },
  install: async (root, file) => {
    const inside = await root.bring(file);
    root.run('rm', '-rf', `${home}/studio`);
    root.run('mkdir', '-p', `${home}/studio`);
    root.run('tar', 'xzf', inside, '-C', `${home}/studio`, '--strip-components=1');
    await rm(root.outside(inside));
    return `${home}/studio/${program}`;
  },
  readManifest: (root) => readFile(root.outside(`${home}/studio/${manifestInProgram}`), 'utf8'),
  remove: (root) => rm(root.outside(`${home}/studio`), { recursive: true }),
};

const offsetOf = (file: string) => run(file, '--appimage-offset').trim();

/** An AppImage, by its own program for the system it runs on. */
export const appImage: PackageKind = {
  ending: '.AppImage',
  makeNext: async (file, folder, version) => {
    const tree = join(folder, 'tree');
    const offset = offsetOf(file);
    run('unsquashfs', '-quiet', '-no-progress', '-offset', offset, '-dest', tree, file);
    await raiseIn(tree, version);
    const next = join(folder, `next-${version}.AppImage`);
    const unpressed = ['-noI', '-noD', '-noF', '-noX'];
    run('mksquashfs', tree, next, '-offset', offset, '-all-root', '-noappend', '-quiet', '-no-progress', ...unpressed);
    run('dd', `if=${file}`, `of=${next}`, 'bs=64K', `count=${offset}`, 'iflag=count_bytes', 'conv=notrunc', 'status=none');
    run('chmod', '755', next);
    await rm(tree, { recursive: true });
    return next;
  },
  install: async (root, file) => {
    const inside = await root.bring(file);
    root.run('mkdir', '-p', `${home}/Applications`);
    root.run('mv', inside, `${home}/Applications/Studio.AppImage`);
    root.run('chmod', '755', `${home}/Applications/Studio.AppImage`);
    return `${home}/Applications/Studio.AppImage`;
  },
  readManifest: (root) => {
    const file = root.outside(`${home}/Applications/Studio.AppImage`);
    return Promise.resolve(run('unsquashfs', '-offset', offsetOf(file), '-cat', file, manifestInProgram));
  },
  remove: (root) => rm(root.outside(`${home}/Applications/Studio.AppImage`)),
};

/** The deb comes first: the libraries it names stay, and the others need them as any desktop has them. */
export const packageKinds: readonly PackageKind[] = [deb, archive, appImage];
