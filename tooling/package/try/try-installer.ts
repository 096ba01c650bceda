import { Arch, build, Platform } from 'electron-builder';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../use-system-tools.ts';
import { makeNsisFolders } from './nsis-stand-ins.ts';

/** `npm run package:installer-try`: see tooling/package/README.md. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const templates = join(root, 'node_modules', 'app-builder-lib', 'templates', 'nsis');

function need(packages: string, ...names: readonly string[]): string {
  const path = findProgram(...names);
  if (path === null) throw new Error(`This needs ${names.join(' or ')}: "apt-get install ${packages}" brings it.`);
  return path;
}

/** An icon of Windows around a PNG: electron-builder would download a program to make one. */
async function makeIcon(path: string): Promise<string> {
  const png = await readFile(join(root, 'main', 'shell', 'electron', 'icon.png'));
  const head = Buffer.alloc(22);
  // One picture of 256 by 256 (written as 0), 32 bits, behind the head.
  [0, 1, 1].forEach((value, index) => head.writeUInt16LE(value, index * 2));
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  await writeFile(path, Buffer.concat([head, png]));
  return path;
}

const folder = await mkdtemp(join(tmpdir(), 'dediffusion-installer-'));
try {
  const program = join(folder, 'win-unpacked');
  await mkdir(join(program, 'resources'), { recursive: true });
  await writeFile(join(program, 'De-Diffusion Studio.exe'), 'MZ');
  await writeFile(join(program, 'resources', 'app.asar'), 'an archive');
  Object.assign(process.env, makeNsisFolders(folder, templates, need('nsis', 'makensis')), {
    ELECTRON_BUILDER_7ZIP_PATH: need('7zip', '7zz', '7za', '7z'),
  });
  const made = await build({
    projectDir: root,
    prepackaged: program,
    targets: Platform.WINDOWS.createTarget(['nsis', 'portable'], Arch.x64),
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output: join(folder, 'out') },
      win: { icon: await makeIcon(join(folder, 'icon.ico')) },
      // NSIS 3.08 lacks a Korean sentence, and says so.
      nsis: { warningsAsErrors: false },
    },
    publish: 'never',
  });
  const programs = made.filter((path) => path.endsWith('.exe'));
  if (programs.length !== 2) throw new Error(`Two programs were to be made, and not ${programs.join(', ')}.`);
  for (const path of programs) {
    const bytes = await readFile(path);
    if (!bytes.includes('NullsoftInst')) throw new Error(`${basename(path)} is no installer of NSIS.`);
    process.stdout.write(`${basename(path)} compiles (${String(bytes.length)} bytes with a program of three files)\n`);
  }
} finally {
  await rm(folder, { recursive: true });
}
