import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const texts = { type: 'string', multiple: true } as const;

/** What electron-builder tells fpm for a deb. Anything else is an error, so that nothing it asks for is passed over. */
const options = {
  ...{ s: text, force: flag, t: text, d: texts, 'deb-recommends': texts, 'deb-compression': text },
  ...{ architecture: text, 'after-install': text, 'after-remove': text, description: text, version: text, package: text },
  ...{ name: text, maintainer: text, vendor: text, url: text, category: text, 'deb-priority': text, license: text },
} as const;

/** fpm's word for one of dpkg's. */
const compressions: Readonly<Record<string, string>> = { gz: 'gzip' };

interface FileInPackage {
  /** Below the package's root, such as `usr/share/applications/a.desktop`. */
  readonly path: string;
  readonly bytes: number;
}

async function listFiles(tree: string): Promise<readonly FileInPackage[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ path: relative(tree, file), bytes: (await stat(file)).size })));
}

/** A first line, and further ones that begin with a space, as Debian writes them. */
function toDescription(words: string): string {
  const [first = '', ...rest] = words.split('\n').map((line) => line.trim());
  return [first, ...rest.map((line) => ` ${line === '' ? '.' : line}`)].join('\n');
}

function list(words: readonly string[] | undefined): string | undefined {
  return words === undefined || words.length === 0 ? undefined : words.join(', ');
}

/**
 * Makes a Debian package with dpkg-deb, from the arguments electron-builder gives fpm: `from=to` for what goes in, and the options above.
 *
 * @throws Error for an argument that is not known, or without those a package cannot be without
 */
export async function makeDeb(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const { package: output, name, version, architecture } = values;
  if (values.t !== 'deb' || output === undefined || name === undefined || version === undefined || architecture === undefined)
    throw new Error('A deb needs -t deb, --package, --name, --version and --architecture.');

  const tree = await mkdtemp(join(dirname(output), 'deb-'));
  try {
    await chmod(tree, 0o755);
    for (const pair of positionals) {
      const [from = '', to = ''] = pair.split('=');
      const target = join(tree, to);
      await mkdir(dirname(target), { recursive: true });
      await cp(from, target, { recursive: true, verbatimSymlinks: true });
      if (!from.endsWith('/')) await chmod(target, 0o644);
    }
    const files = await listFiles(tree);
    const control = join(tree, 'DEBIAN');
    await mkdir(control);
    const sums = await Promise.all(
      files.map(
        async ({ path }) =>
          `${createHash('md5')
            .update(await readFile(join(tree, path)))
            .digest('hex')}  ${path}\n`,
      ),
    );
    await writeFile(join(control, 'md5sums'), sums.sort().join(''));
    const fields: Readonly<Record<string, string | undefined>> = {
      ...{ Package: name, Version: version, Architecture: architecture, Maintainer: values.maintainer },
      'Installed-Size': String(Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024)),
      ...{ Depends: list(values.d), Recommends: list(values['deb-recommends']) },
      ...{ Section: values.category ?? 'graphics', Priority: values['deb-priority'], Homepage: values.url },
      Description: toDescription(values.description ?? name),
    };
    const lines = Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [`${field}: ${value}\n`]));
    await writeFile(join(control, 'control'), lines.join(''));
    for (const [script, source] of [
      ['postinst', values['after-install']],
      ['postrm', values['after-remove']],
    ] as const) {
      if (source === undefined) continue;
      await writeFile(join(control, script), await readFile(source), { mode: 0o755 });
    }
    const compression = values['deb-compression'] ?? 'xz';
    await run('dpkg-deb', ['--root-owner-group', `-Z${compressions[compression] ?? compression}`, '--build', tree, output]);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await makeDeb(process.argv.slice(2));
