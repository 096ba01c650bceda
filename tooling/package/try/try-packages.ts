import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StudioPage } from '../../../test/helpers/browser-studio-page.ts';
import { startDisplay } from '../../../test/helpers/electron-display.ts';
import { startPackedProgram } from '../../../test/helpers/packed-program.ts';
import type { PackedProgram } from '../../../test/helpers/packed-program.ts';
import { CleanRoot } from './clean-root.ts';
import { nextVersion, packageKinds } from './package-kinds.ts';
import type { PackageKind } from './package-kinds.ts';

/** `npm run package:try`: see tooling/package/README.md. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const library = '/home/artist/library';
/** Only what a person made: indexes and logs may change whenever the program runs. */
const kept = ['items', 'images', 'readings'];
const warmLimitMs = 2_000;

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Start of a line each: sha256 and path of everything a person made. */
async function fingerprint(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const name of kept) {
    const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      files.set(
        relative(folder, path),
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      );
    }
  }
  return files;
}

/** @throws Error that names what was there and is not, or not as it was */
function checkKept(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>, when: string): void {
  const lost = [...before].filter(([path, hash]) => after.get(path) !== hash).map(([path]) => path);
  if (before.size === 0 || lost.length > 0)
    throw new Error(`The library is not what it was ${when}: ${lost.join(', ') || 'empty'}.`);
}

async function start(clean: CleanRoot, executable: string): Promise<PackedProgram> {
  const env = {
    ...(await startDisplay()),
    ...{ DEDIFFUSION_HOME: library, HOME: '/home/artist', LANG: 'en_GB.UTF-8', LANGUAGE: 'en_GB' },
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  };
  // No sandbox of Chromium: the kernel gives a program in a changed root no namespaces of its own.
  const words = ['--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const command = ['/usr/sbin/chroot', clean.folder, executable, ...words] as const;
  return startPackedProgram({ command: [...command], env, cwd: '/', home: clean.outside(library) });
}

async function readVersion(kind: PackageKind, clean: CleanRoot): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await kind.readManifest(clean))).version;
}

/** Installs, draws a sample, updates, starts again, removes. */
async function tryPackage(kind: PackageKind, file: string, clean: CleanRoot, scratch: string): Promise<void> {
  tell(`${kind.ending}: ${file}`);
  const folder = clean.outside(library);
  clean.run('rm', '-rf', library);
  clean.run('mkdir', '-p', library);

  const executable = await kind.install(clean, file);
  const version = await readVersion(kind, clean);
  tell(`  installed ${version}`);
  const first = await start(clean, executable);
  try {
    await new StudioPage(first.page).openLibraryOfSample();
  } finally {
    await first.close();
  }
  const made = await fingerprint(folder);
  checkKept(made, made, 'after the first picture');
  tell(
    `  first start ${first.readyMs.toFixed(0)} ms; a sample was read and drawn again: ${String(made.size)} files of the library`,
  );

  const warm = await start(clean, executable);
  await warm.close();
  const verdict = warm.readyMs <= warmLimitMs ? '' : `, over ${String(warmLimitMs)} ms`;
  tell(`  warm start ${warm.readyMs.toFixed(0)} ms${verdict}`);

  const later = nextVersion(version);
  const next = await kind.makeNext(file, scratch, later);
  const updated = await kind.install(clean, next);
  await rm(next);
  const installed = await readVersion(kind, clean);
  if (installed !== later) throw new Error(`After the update ${installed} is installed and not ${later}.`);
  const second = await start(clean, updated);
  try {
    await second.page.getByRole('button', { name: 'Library', exact: true }).click();
    await second.page.locator('[data-item]').first().waitFor();
  } finally {
    await second.close();
  }
  checkKept(made, await fingerprint(folder), 'before the update');
  tell(`  updated to ${later}: the library is as it was, and shows`);

  await kind.remove(clean);
  if (existsSync(clean.outside(updated))) throw new Error(`${updated} is still there after it was removed.`);
  checkKept(made, await fingerprint(folder), 'before the program was removed');
  tell('  removed: the library is untouched');
}

const { values } = parseArgs({
  options: {
    packages: { type: 'string', default: join(root, 'dist', 'package') },
    root: { type: 'string', default: join(root, 'dist', 'try-root') },
    formats: { type: 'string', default: '' },
  },
});
const asked = values.formats.split(',').filter((format) => format !== '');
const kinds = packageKinds.filter(({ ending }) => asked.length === 0 || asked.includes(ending.slice(1)));
const names = await readdir(values.packages);
const clean = new CleanRoot(values.root);
await clean.open();
const scratch = await mkdtemp(join(tmpdir(), 'dediffusion-next-'));
try {
  for (const kind of kinds) {
    const name = names.find((one) => one.endsWith(kind.ending));
    if (name === undefined) throw new Error(`There is no ${kind.ending} in ${values.packages}: npm run package makes it.`);
    await tryPackage(kind, join(values.packages, name), clean, scratch);
  }
} finally {
  await rm(scratch, { recursive: true });
  clean.close();
}
