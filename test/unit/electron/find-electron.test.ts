import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findElectron } from '../../../tooling/start/find-electron.ts';

let root: string;
let said: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find-electron-'));
  said = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const find = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') =>
  findElectron({ root, platform, environment, say: (line) => said.push(line) });

const folder = () => join(root, 'node_modules', 'electron');
function installPackage(script: string): void {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'package.json'), '{"version":"45.4.1"}');
  writeFileSync(join(folder(), 'install.js'), script);
}
const fetching = `const fs = require('node:fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', '');`;

test('takes the Electron it is given, and no other in its place', async () => {
  writeFileSync(join(root, 'electron'), '');
  installPackage(fetching);
  expect(await find({ DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: root })).toEqual({
    type: 'found',
    path: join(root, 'electron'),
  });
  const wrong = await find({ DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: join(root, 'empty') });
  expect(wrong).toMatchObject({ type: 'absent', reason: expect.stringContaining('ELECTRON_OVERRIDE_DIST_PATH') as string });
});

test('fetches it once, and says so', async () => {
  installPackage(fetching);
  const path = join(folder(), 'dist', 'electron');
  expect(await find({ WAYLAND_DISPLAY: 'wayland-0' })).toEqual({ type: 'found', path });
  expect(said).toEqual([expect.stringContaining('Fetching Electron 45.4.1')]);
  expect(await find({ DISPLAY: ':0' })).toEqual({ type: 'found', path });
  expect(said).toHaveLength(1);
});

test('says why there is none', async () => {
  expect(await find({})).toEqual({ type: 'absent', reason: 'there is no display here' });
  expect(await find({ DISPLAY: ':0' })).toMatchObject({ type: 'absent', reason: expect.stringContaining('npm ci') as string });
  installPackage('process.exit(1)');
  expect(await find({ DISPLAY: ':0' })).toEqual({ type: 'absent', reason: 'Electron could not be fetched' });
});

test('knows where each system keeps it', async () => {
  mkdirSync(join(root, 'Electron.app', 'Contents', 'MacOS'), { recursive: true });
  writeFileSync(join(root, 'Electron.app', 'Contents', 'MacOS', 'Electron'), '');
  writeFileSync(join(root, 'electron.exe'), '');
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: root };
  expect((await find(environment, 'darwin')).type).toBe('found');
  expect((await find(environment, 'win32')).type).toBe('found');
  expect((await find({ ...environment, DISPLAY: ':0' }, 'linux')).type).toBe('absent');
});
