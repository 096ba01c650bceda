import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A Windows library that offers these names and does nothing: one section with an export table (Microsoft's PE format, 32 bits).
 * The compiler of installers reads the names and packs the bytes.
 */
function makeLibrary(file: string, names: readonly string[]): Buffer {
  const sorted = [...names].sort();
  const at = 0x1000;
  const tables = 40 + sorted.length * 10;
  const words = [file, ...sorted].map((word) => Buffer.from(`${word}\0`, 'latin1'));
  const places = words.map((_, index) => at + tables + words.slice(0, index).reduce((sum, { length }) => sum + length, 0));
  const table = Buffer.alloc(tables);
  const head = [
    0,
    0,
    0,
    places[0] ?? 0,
    1,
    sorted.length,
    sorted.length,
    at + 40,
    at + 40 + sorted.length * 4,
    at + 40 + sorted.length * 8,
  ];
  head.forEach((value, index) => table.writeUInt32LE(value, index * 4));
  sorted.forEach((_, index) => {
    table.writeUInt32LE(at, 40 + index * 4);
    table.writeUInt32LE(places[index + 1] ?? 0, 40 + sorted.length * 4 + index * 4);
    table.writeUInt16LE(index, 40 + sorted.length * 8 + index * 2);
  });
  const section = Buffer.concat([table, ...words]);
  const padded = Math.ceil(section.length / 512) * 512;
  const image = Buffer.alloc(512 + padded);
  image.write('MZ', 0, 'latin1');
  image.writeUInt32LE(64, 0x3c);
  image.write('PE\0\0', 64, 'latin1');
  // Intel 386, one section, 224 bytes of optional header, a library of 32 bits.
  [0x14c, 1].forEach((value, index) => image.writeUInt16LE(value, 68 + index * 2));
  [224, 0x2102].forEach((value, index) => image.writeUInt16LE(value, 84 + index * 2));
  image.writeUInt16LE(0x10b, 88);
  const optional: readonly (readonly [number, number])[] = [
    ...([
      [28, 0x1000_0000],
      [32, 0x1000],
      [36, 512],
      [56, 0x1000 + Math.ceil(section.length / 4096) * 4096],
      [60, 512],
    ] as const),
    ...([
      [92, 16],
      [96, at],
      [100, section.length],
    ] as const),
  ];
  for (const [place, value] of optional) image.writeUInt32LE(value, 88 + place);
  image.writeUInt16LE(4, 88 + 48);
  image.writeUInt16LE(2, 88 + 68);
  image.write('.edata', 312, 'latin1');
  [section.length, at, padded, 512].forEach((value, index) => image.writeUInt32LE(value, 320 + index * 4));
  image.writeUInt32LE(0x4000_0040, 348);
  section.copy(image, 512);
  return image;
}

/** Where Debian's package keeps what the compiler includes. */
const SYSTEM_NSIS = '/usr/share/nsis';

/** Plugins of electron-builder's scripts that come as a download only; the others are NSIS' own. */
const plugins = ['StdUtils', 'UAC', 'WinShell', 'nsProcess', 'Nsis7z', 'SpiderBanner', 'inetc', 'nsisunz'];

/** What the scripts in a folder call of a plugin. */
function listCalls(templates: string, plugin: string): readonly string[] {
  const scripts = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ns[hi]$/.test(name));
  const calls = scripts.flatMap((name) =>
    [...readFileSync(join(templates, name), 'utf8').matchAll(new RegExp(`\\b${plugin}::(\\w+)`, 'g'))].map(
      ([, call = '']) => call,
    ),
  );
  return [...new Set(calls)];
}

/**
 * The folders that electron-builder's own variables name, around the NSIS of this system: the compiler is real, the plugins that have
 * to be downloaded are stand-ins with the same calls.
 *
 * @param templates electron-builder's scripts
 */
export function makeNsisFolders(folder: string, templates: string, makensis: string): Readonly<Record<string, string>> {
  const nsis = join(folder, 'nsis');
  const resources = join(folder, 'resources', 'plugins', 'x86-unicode');
  for (const made of [join(nsis, 'linux'), resources, join(folder, 'bin')]) mkdirSync(made, { recursive: true });
  symlinkSync(makensis, join(nsis, 'linux', 'makensis'));
  for (const name of readdirSync(SYSTEM_NSIS)) symlinkSync(join(SYSTEM_NSIS, name), join(nsis, name));
  writeFileSync(join(nsis, 'elevate.exe'), makeLibrary('elevate.exe', ['nothing']));
  for (const plugin of plugins)
    writeFileSync(join(resources, `${plugin}.dll`), makeLibrary(`${plugin}.dll`, listCalls(templates, plugin)));
  // The first program that is made writes the uninstaller and is run by Wine; its bytes are what it would write here.
  const wine = join(folder, 'bin', 'wine');
  writeFileSync(
    wine,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo wine-11.0; exit; fi\ncp "$1" "$(dirname "$1")/$(basename "$1" exe)__uninstaller.exe"\n`,
  );
  chmodSync(wine, 0o755);
  return {
    ELECTRON_BUILDER_NSIS_DIR: nsis,
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: join(folder, 'resources'),
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
  };
}
