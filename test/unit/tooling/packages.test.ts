import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { listProductionPackages } from '../../../tooling/package/list-production-packages.ts';
import { makeDeb } from '../../../tooling/package/make-deb.ts';
import { locateInstallation } from '../../../main/shell/electron/locate-installation.ts';
import { listNativeCode } from '../../../tooling/package/stage-runtime.ts';
import { nextVersion, raiseArchive, raiseVersion } from '../../../tooling/package/try/package-kinds.ts';
import { findProgram, linuxFormats, useSystemTools } from '../../../tooling/package/use-system-tools.ts';
import { checkWeights, composeWeights, weighFolder, weighPackages } from '../../../tooling/package/weigh-package.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const configuration = readFileSync(join(root, 'electron-builder.yml'), 'utf8');

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A folder with a program for each name, and nothing else on the path. */
function onlyPrograms(...names: readonly string[]): void {
  const folder = makeTemporaryFolder();
  for (const name of names) {
    writeFileSync(join(folder, name), '#!/bin/sh\nexit 1\n');
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', folder);
  for (const name of ['ELECTRON_BUILDER_7ZIP_PATH', 'CUSTOM_FPM_PATH', 'APPIMAGE_TOOLS_PATH']) vi.stubEnv(name, '');
}

afterEach(() => {
  vi.unstubAllEnvs();
});

it('packages have what Chromium needs to know of each language of the page', () => {
  const languages = /^electronLanguages: \[(.*)\]$/m.exec(configuration)?.[1]?.split(', ') ?? [];
  const spoken = readdirSync(join(root, 'renderer/language'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(languages).toEqual(expect.arrayContaining(spoken.map(({ name }) => name)));
});

describe('tools of the system', () => {
  const reachable = () => Promise.resolve(true);
  const alone = () => Promise.resolve(false);

  it('know a tool for every format of a Linux release', () => {
    expect(configuration).toContain(`target: [${[...linuxFormats].reverse().join(', ')}]`);
  });

  it.skipIf(process.platform === 'win32')('say for each format that cannot be made what would help', async () => {
    onlyPrograms();
    const missing = await useSystemTools([...linuxFormats, 'dir'], join(makeTemporaryFolder(), 'tools'), alone);
    expect(missing.map(({ format }) => format)).toEqual([...linuxFormats]);
    expect(missing[0]?.reason).toBe(
      'tar.gz is not made: its tools are not installed and cannot be downloaded; "apt-get install 7zip" brings them.',
    );
    expect(missing[2]?.reason).toContain('squashfs-tools desktop-file-utils gcc libsquashfuse-dev libfuse3-dev');
  });

  it.skipIf(process.platform === 'win32')(
    'leave a format to the download where there is one, and to whoever chose a tool',
    async () => {
      onlyPrograms();
      expect(await useSystemTools(linuxFormats, join(makeTemporaryFolder(), 'tools'), reachable)).toEqual([]);
      expect(process.env['CUSTOM_FPM_PATH']).toBe('');
      vi.stubEnv('CUSTOM_FPM_PATH', '/chosen/fpm');
      expect(await useSystemTools(['deb'], join(makeTemporaryFolder(), 'tools'), alone)).toEqual([]);
      expect(process.env['CUSTOM_FPM_PATH']).toBe('/chosen/fpm');
    },
  );

  it.skipIf(process.platform === 'win32')('are taken before the download, a runtime that was given too', async () => {
    onlyPrograms('7zz', 'dpkg-deb', 'mksquashfs', 'desktop-file-validate');
    const runtime = join(makeTemporaryFolder(), 'runtime');
    writeFileSync(runtime, 'a runtime');
    vi.stubEnv('APPIMAGE_RUNTIME', runtime);
    const folder = join(makeTemporaryFolder(), 'tools');
    const asked: string[] = [];
    const missing = await useSystemTools(linuxFormats, folder, () => {
      asked.push('download');
      return reachable();
    });
    expect({ missing, asked }).toEqual({ missing: [], asked: [] });
    expect(process.env['ELECTRON_BUILDER_7ZIP_PATH']).toMatch(/7zz$/);
    expect(existsSync(join(folder, 'appimage', 'lib'))).toBe(true);
    const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
    expect(readFileSync(join(folder, 'appimage', 'runtimes', `runtime-${arch}`), 'utf8')).toBe('a runtime');
  });
});

describe('an AppImage', () => {
  it.skipIf(process.platform !== 'linux')('is pressed with LZ4, which its own runtime unpacks fast', async () => {
    onlyPrograms('mksquashfs', 'desktop-file-validate');
    const programs = process.env['PATH'] ?? '';
    writeFileSync(join(programs, 'gcc'), '#!/bin/sh\nfor word do case $last in -o) : > "$word";; esac; last=$word; done\n');
    writeFileSync(join(programs, 'mksquashfs'), '#!/bin/sh\nfor word do echo "$word"; done\n');
    chmodSync(join(programs, 'gcc'), 0o755);
    vi.stubEnv('APPIMAGE_RUNTIME', '');
    const folder = join(makeTemporaryFolder(), 'tools');
    expect(await useSystemTools(['AppImage'], folder, () => Promise.resolve(false))).toEqual([]);
    const words = ['/a stage', 'the output', '-offset', '12', '-no-fragments', '-comp', 'zstd'];
    const given = execFileSync(join(folder, 'appimage', 'mksquashfs'), words, { encoding: 'utf8' });
    expect(given.trim().split('\n')).toEqual([...words.slice(0, -2), '-comp', 'lz4', '-Xhc']);
  });

  it('reads the programs ahead that start first', () => {
    const runtime = readFileSync(join(root, 'tooling/package/appimage-runtime/runtime.c'), 'utf8');
    const [, names = ''] = /first_programs\[\] = \{(.+)\}/.exec(runtime) ?? [];
    const name = /^ {2}executableName: (.+)$/m.exec(configuration)?.[1];
    const facts = { packaged: true, bundleFolder: '/', resourcesFolder: 'resources', platform: 'linux', arch: 'x64' } as const;
    const { node } = locateInstallation({ ...facts, environment: {} });
    expect(JSON.parse(`[${names}]`)).toEqual([name, node]);
  });
});

describe.skipIf(findProgram('dpkg-deb') === null)('a deb (skipped without dpkg-deb)', () => {
  it('holds what it was given, where it belongs, and says who it is', async () => {
    const folder = makeTemporaryFolder();
    write(join(folder, 'program', 'a file'), 'bytes');
    write(join(folder, 'icon.png'), 'picture');
    write(join(folder, 'installed.sh'), '#!/bin/sh\nexit 0\n');
    const output = join(folder, 'studio_0.2.0_amd64.deb');
    await makeDeb([
      ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libgtk-3-0', '-d', 'libnss3', '--deb-recommends', 'libappindicator3-1'],
      ...['--deb-compression', 'gz', '--architecture', 'amd64', '--after-install', join(folder, 'installed.sh')],
      ...['--description', 'Pictures to words\n Turns pictures into text.', '--version', '0.2.0', '--package', output],
      ...['--name', 'studio', '--maintainer', 'Somebody', '--deb-priority', 'optional', '--license', 'MIT'],
      ...['--url', 'https://studio.example/'],
      ...[`${join(folder, 'program')}/=/opt/A Studio`, `${join(folder, 'icon.png')}=/usr/share/icons/studio.png`],
    ]);
    const field = (name: string) => execFileSync('dpkg-deb', ['--field', output, name], { encoding: 'utf8' }).trimEnd();
    expect(field('Version')).toBe('0.2.0');
    expect(field('Homepage')).toBe('https://studio.example/');
    expect(field('Depends')).toBe('libgtk-3-0, libnss3');
    expect(field('Recommends')).toBe('libappindicator3-1');
    expect(field('Description')).toBe('Pictures to words\n Turns pictures into text.');
    const unpacked = join(folder, 'unpacked');
    execFileSync('dpkg-deb', ['--raw-extract', output, unpacked]);
    expect(readFileSync(join(unpacked, 'opt', 'A Studio', 'a file'), 'utf8')).toBe('bytes');
    expect(readFileSync(join(unpacked, 'usr', 'share', 'icons', 'studio.png'), 'utf8')).toBe('picture');
    expect(readFileSync(join(unpacked, 'DEBIAN', 'postinst'), 'utf8')).toContain('exit 0');
    expect(readFileSync(join(unpacked, 'DEBIAN', 'md5sums'), 'utf8')).toMatch(/^[0-9a-f]{32} {2}opt\/A Studio\/a file$/m);
  });

  it('refuses what it does not know, and to be without a name', async () => {
    await expect(makeDeb(['-t', 'deb', '--deb-systemd', 'unit'])).rejects.toThrow("Unknown option '--deb-systemd'");
    await expect(makeDeb(['-t', 'deb', '--version', '1'])).rejects.toThrow('A deb needs');
  });
});

describe('weights', () => {
  it('are told part by part, heaviest first', async () => {
    const folder = makeTemporaryFolder();
    write(join(folder, 'program'), 'x'.repeat(400_000));
    write(join(folder, 'locales', 'en.pak'), 'x'.repeat(50_000));
    write(join(folder, 'resources', 'studio', 'bin', 'node'), 'x'.repeat(900_000));
    write(join(folder, 'resources', 'studio', 'node_modules', '@img', 'a', 'b.node'), 'x'.repeat(100_000));
    write(join(folder, 'resources', 'app.asar'), 'x'.repeat(10_000));
    const weights = await weighFolder(folder);
    expect(weights.map(({ name }) => name)).toEqual([
      ...['Node.js', 'Electron', 'sharp and libvips', 'Electron: languages', 'the core'],
    ]);
    expect(composeWeights('Unpacked:', weights, true).split('\n').at(-1)).toMatch(/^ {2}together +1\.5 MB$/);
  });

  it('stop a package that is over the limit', async () => {
    const folder = makeTemporaryFolder();
    write(join(folder, 'small.deb'), 'x');
    write(join(folder, 'large.tar.gz'), '');
    write(join(folder, 'builder-debug.yml'), 'x');
    truncateSync(join(folder, 'large.tar.gz'), 260_000_000);
    const packages = await weighPackages(folder);
    expect(packages.map(({ name }) => name)).toEqual(['large.tar.gz', 'small.deb']);
    expect(() => {
      checkWeights(packages);
    }).not.toThrow();
    truncateSync(join(folder, 'large.tar.gz'), 260_000_001);
    const heavier = await weighPackages(folder);
    expect(() => {
      checkWeights(heavier);
    }).toThrow('large.tar.gz (260.0 MB)');
  });
});

describe('what is staged', () => {
  const systems = [
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['win32', 'x64'],
    ['darwin', 'arm64'],
  ] as const;

  it.each(systems)('for %s %s has native code of every kind, and of no other system', async (platform, arch) => {
    for (const path of listNativeCode(platform, arch)) expect(existsSync(join(root, path)), path).toBe(true);
    const images = (await listProductionPackages(root, platform, arch))
      .map(({ folder }) => folder)
      .filter((folder) => folder.startsWith('node_modules/@img/sharp'));
    // On Windows libvips lies in sharp's own package.
    const libvips = platform === 'win32' ? [] : [`node_modules/@img/sharp-libvips-${platform}-${arch}`];
    expect(images.sort()).toEqual([...libvips, `node_modules/@img/sharp-${platform}-${arch}`].sort());
  });

  it.each(systems)('for %s %s has the packages the core starts with', async (platform, arch) => {
    const folders = (await listProductionPackages(root, platform, arch)).map(({ folder }) => folder);
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    // The command line is not in the program.
    const needed = Object.keys(dependencies).filter((name) => name !== 'commander');
    for (const name of needed) expect(folders).toContain(`node_modules/${name}`);
    for (const absent of ['electron', 'vite', 'typescript', 'playwright-core'])
      expect(folders).not.toContain(`node_modules/${absent}`);
  });

  it.each(systems)('for %s %s has every package that those need', async (platform, arch) => {
    const staged = new Set((await listProductionPackages(root, platform, arch)).map(({ folder }) => folder));
    const { packages } = z
      .object({ packages: z.record(z.string(), z.object({ dependencies: z.record(z.string(), z.string()).default({}) })) })
      .parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
    const absent = [...staged].flatMap((folder) =>
      Object.keys(packages[folder]?.dependencies ?? {})
        .filter((name) => !staged.has(`${folder}/node_modules/${name}`) && !staged.has(`node_modules/${name}`))
        .map((name) => `${folder} needs ${name}`),
    );
    // The runtime of browsers: the file of the library that Node loads is whole without it.
    expect(absent).toEqual(['node_modules/@huggingface/transformers needs onnxruntime-web']);
    const loaded = readFileSync(join(root, 'node_modules/@huggingface/transformers/dist/transformers.node.mjs'), 'utf8');
    expect(loaded).not.toMatch(/(from|import|require)\s*\(?\s*["']onnxruntime-web/);
  });

  it('is told to be impossible where a package has no code for a system', () => {
    expect(() => listNativeCode('darwin', 'x64')).toThrow('onnxruntime-node has no code for darwin x64');
  });
});

describe('what Macs are told', () => {
  const path = join(root, 'tooling', 'package', 'mac', 'entitlements.plist');

  it('is named by the configuration, for the program and for what it starts', () => {
    for (const name of ['entitlements', 'entitlementsInherit'])
      expect(configuration).toContain(`  ${name}: tooling/package/mac/entitlements.plist\n`);
  });

  it.skipIf(findProgram('python3') === null)('is a property list that lets V8 compile and native code load', () => {
    const script = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
    expect(JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }))).toEqual({
      'com.apple.security.cs.allow-jit': true,
      'com.apple.security.cs.allow-unsigned-executable-memory': true,
      'com.apple.security.cs.disable-library-validation': true,
    });
  });
});

it('the next version of a package differs in its number alone', () => {
  expect(['0.1.0', '0.9.3', '1.9.9'].map(nextVersion)).toEqual(['0.2.0', '0.9.4', '2.9.9']);
  expect(JSON.parse(raiseVersion('{"name":"studio","version":"0.1.0","type":"module"}', '0.2.0'))).toEqual({
    ...{ name: 'studio', version: '0.2.0', type: 'module' },
  });
  expect(() => raiseVersion('{"name":"studio"}', '0.2.0')).toThrow();
  const archive = (version: string): Buffer =>
    Buffer.from(`\x04\x00"version": "0.1.0"{\n  "name": "dediffusion-studio",\n  "version": "${version}"\n}\xff`, 'latin1');
  expect(raiseArchive(archive('0.1.0'), '0.2.0')).toEqual(archive('0.2.0'));
  expect(() => raiseArchive(archive('0.9.0'), '0.10.0')).toThrow('says 0.9.0, which 0.10.0 cannot be written over');
  expect(() => raiseArchive(Buffer.from('nothing'), '0.2.0')).toThrow('says undefined');
});
