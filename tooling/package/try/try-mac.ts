import { execFileSync } from 'node:child_process';
import { Arch, build, Platform } from 'electron-builder';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** `npm run package:mac-try`: see tooling/package/README.md. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What electron-builder changes in Electron's own program for macOS, and nothing else of it. */
const skeleton = {
  'Info.plist': 'Electron',
  'Frameworks/Electron Helper.app/Contents/Info.plist': 'Electron Helper',
  'Frameworks/Electron Helper (GPU).app/Contents/Info.plist': 'Electron Helper (GPU)',
  'Frameworks/Electron Helper (Plugin).app/Contents/Info.plist': 'Electron Helper (Plugin)',
  'Frameworks/Electron Helper (Renderer).app/Contents/Info.plist': 'Electron Helper (Renderer)',
} as const;

async function makeElectron(folder: string): Promise<void> {
  const contents = join(folder, 'Electron.app', 'Contents');
  for (const [path, name] of Object.entries(skeleton)) {
    const place = join(contents, path, '..');
    await mkdir(join(place, 'MacOS'), { recursive: true });
    await writeFile(join(place, 'MacOS', name), 'a program');
    const entries = { CFBundleExecutable: name, CFBundleName: name, CFBundleIdentifier: 'com.github.Electron' };
    const lines = Object.entries(entries).map(([key, value]) => `<key>${key}</key><string>${value}</string>`);
    await writeFile(
      join(contents, path),
      `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${lines.join('')}</dict></plist>`,
    );
  }
  const resources = ['Resources', 'Frameworks/Electron Framework.framework/Versions/A/Resources'];
  for (const place of resources)
    for (const language of ['en', 'de', 'fr']) await mkdir(join(contents, place, `${language}.lproj`), { recursive: true });
  await writeFile(join(contents, 'Resources', 'electron.icns'), 'an icon');
}

/** A property list as Python's own library reads it, which takes no other form than Apple's. */
function readPlist(path: string): unknown {
  const script = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
}

const infoSchema = z.looseObject({
  CFBundleName: z.literal('De-Diffusion Studio'),
  CFBundleIdentifier: z.literal('studio.dediffusion.desktop'),
  CFBundleExecutable: z.literal('De-Diffusion Studio'),
  CFBundleShortVersionString: z.string().regex(/^\d+\.\d+\.\d+$/),
  LSApplicationCategoryType: z.literal('public.app-category.graphics-design'),
  CFBundleURLTypes: z.array(z.looseObject({ CFBundleURLSchemes: z.tuple([z.literal('dediffusion')]) })).length(1),
  CFBundleDocumentTypes: z.array(z.looseObject({ CFBundleTypeExtensions: z.array(z.string()) })).min(4),
});

const folder = await mkdtemp(join(tmpdir(), 'dediffusion-mac-'));
try {
  const electron = join(folder, 'electron');
  await makeElectron(electron);
  await build({
    projectDir: root,
    targets: Platform.MAC.createTarget(['dir'], Arch.arm64),
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output: join(folder, 'out') },
      electronDist: electron,
      // The runtime is another matter, and there is no program here whose switches could be set.
      ...{ extraResources: [], electronFuses: null },
      mac: { identity: null, icon: join(root, 'main', 'shell', 'electron', 'icon.png') },
    },
    publish: 'never',
  });
  const app = join(folder, 'out', 'mac-arm64', 'De-Diffusion Studio.app', 'Contents');
  const info = infoSchema.parse(readPlist(join(app, 'Info.plist')));
  process.stdout.write(`Info.plist of ${info.CFBundleName} ${info.CFBundleShortVersionString} parses\n`);
  for (const name of (await readdir(join(app, 'Frameworks'))).filter((one) => one.endsWith('.app'))) {
    const helper = z
      .looseObject({ CFBundleIdentifier: z.string().startsWith('studio.dediffusion.desktop.helper') })
      .parse(readPlist(join(app, 'Frameworks', name, 'Contents', 'Info.plist')));
    process.stdout.write(`Info.plist of ${helper.CFBundleIdentifier} parses\n`);
  }
  z.record(z.string().startsWith('com.apple.security.'), z.literal(true)).parse(
    readPlist(join(root, 'tooling', 'package', 'mac', 'entitlements.plist')),
  );
  process.stdout.write('The entitlements parse\n');
} finally {
  await rm(folder, { recursive: true });
}
