import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { consentListRecord } from '../../../contract/network.ts';
import { writeRecord } from '../../../contract/record.ts';
import { StudioPage } from '../../../test/helpers/browser-studio-page.ts';
import { startDisplay } from '../../../test/helpers/electron-display.ts';
import { startPackedProgram } from '../../../test/helpers/packed-program.ts';
import type { PackedProgram } from '../../../test/helpers/packed-program.ts';
import { appImage, nextVersion } from './package-kinds.ts';
import { openUpdatePlace, sumOf } from './update-place.ts';

/** `npm run package:update-try`: see tooling/package/README.md. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const { values } = parseArgs({ options: { packages: { type: 'string', default: join(root, 'dist', 'package') } } });

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A person's folder: the program, and a library in which the place of the updates was agreed to. */
async function makeHome(packed: string, origin: string): Promise<{ home: string; program: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-updates-'));
  const home = join(folder, 'library');
  const program = join(folder, 'Applications', basename(packed));
  for (const made of [join(home, 'desktop'), join(folder, 'Applications')]) await mkdir(made, { recursive: true });
  await copyFile(packed, program);
  const consent = {
    origin,
    purpose: 'update',
    sends: ['address'],
    keeps: ['program'],
    shown: 'A try.',
    givenMs: Date.now(),
  } as const;
  const consents = writeRecord(consentListRecord, { consents: [{ ...consent, sends: ['address'], keeps: ['program'] }] });
  await writeFile(join(home, 'network.json'), JSON.stringify(consents));
  const choice = { schemaVersion: 1, choice: 'off', feed: origin, checkedMs: null };
  await writeFile(join(home, 'desktop', 'updates.json'), JSON.stringify(choice));
  return { home, program };
}

async function start(program: string, home: string): Promise<PackedProgram> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return startPackedProgram({
    command: [program, ...sandbox, '--disable-gpu', '--remote-debugging-port=0'],
    env: {
      ...(await startDisplay()),
      ...{ DEDIFFUSION_HOME: home, HOME: join(home, '..'), LANG: 'en_GB.UTF-8', LANGUAGE: 'en_GB' },
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    },
    cwd: '/',
    home,
  });
}

async function openUpdates(page: Page): Promise<ReturnType<Page['getByRole']>> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  return page.getByRole('region', { name: 'Updates', exact: true });
}

/** Bytes that are no program, for what must never be installed. */
async function makeJunk(folder: string, version: string): Promise<string> {
  const path = join(folder, `dediffusion-studio-${version}-x86_64.AppImage`);
  await writeFile(path, Buffer.alloc(3_000_000, 7));
  return path;
}

async function tryFaults(packed: string, version: string, scratch: string): Promise<void> {
  const place = await openUpdatePlace();
  const { home, program } = await makeHome(packed, place.address);
  const before = await sumOf(program);
  const next = nextVersion(version);
  const junk = await makeJunk(scratch, next);
  const { page, close } = await start(program, home);
  const settle = async (what: string, said: string | RegExp): Promise<void> => {
    await (await openUpdates(page)).getByText(said).first().waitFor();
    tell(`  ${what}: “${said instanceof RegExp ? said.source : said}”`);
  };
  try {
    const updates = await openUpdates(page);
    const look = () => updates.getByRole('button', { name: 'Look now' }).click();
    await place.offer({ version: '0.0.1', path: junk });
    await look();
    await settle('an older version', `Version ${version} is the newest`);
    await place.offer({ version: next, path: junk, fault: 'wrong-sum' });
    await look();
    await updates.getByRole('button', { name: 'Fetch it' }).click();
    await settle('a wrong sum', /is not what its place says it is/);
    await place.offer({ version: next, path: junk, fault: 'half' });
    await look();
    await updates.getByRole('button', { name: 'Fetch it' }).click();
    await settle('half a file', /ended the connection too early|ends too early/);
    await place.close();
    await look();
    await settle('nobody there', /Nothing answers at 127\.0\.0\.1/);
  } finally {
    await close();
  }
  const names = await readdir(join(program, '..'));
  if (names.length !== 1 || (await sumOf(program)) !== before)
    throw new Error(`The program is not what it was: ${names.join(', ')}.`);
  tell('  the program is what it was, byte for byte');
  await rm(join(home, '..'), { recursive: true });
}

async function tryUpdate(packed: string, version: string, scratch: string): Promise<void> {
  const next = nextVersion(version);
  const made = await appImage.makeNext(packed, scratch, next);
  const place = await openUpdatePlace();
  await place.offer({ version: next, path: made });
  const { home, program } = await makeHome(packed, place.address);
  const first = await start(program, home);
  try {
    await new StudioPage(first.page).openLibraryOfSample();
    const updates = await openUpdates(first.page);
    await updates.getByRole('button', { name: 'Look now' }).click();
    const startedMs = performance.now();
    await updates.getByRole('button', { name: 'Fetch it' }).click();
    await updates.getByText(`Version ${next} is ready`).waitFor();
    tell(`  ${next} was found and fetched in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  } finally {
    await first.close();
  }
  const [name = '', ...others] = await readdir(join(program, '..'));
  const installed = join(program, '..', name);
  if (others.length > 0 || (await sumOf(installed)) !== (await sumOf(made)))
    throw new Error(`${next} is not installed: ${[name, ...others].join(', ')}.`);
  const second = await start(installed, home);
  try {
    await second.page.getByRole('button', { name: 'Library', exact: true }).click();
    await second.page.locator('[data-item]').first().waitFor();
    await (await openUpdates(second.page)).getByText(`Version ${next}`, { exact: true }).waitFor();
    tell(`  ${next} was installed as the program ended: it starts, says its version, and shows the library`);
  } finally {
    await second.close();
  }
  await place.close();
  const log = await readFile(join(home, 'logs', 'desktop.log'), 'utf8');
  if (!log.includes('"step":"installed"')) throw new Error('The log does not say that a version was installed.');
  await rm(join(home, '..'), { recursive: true });
}

const names = await readdir(values.packages);
const name = names.find((one) => one.endsWith('.AppImage'));
if (name === undefined) throw new Error(`There is no AppImage in ${values.packages}: npm run package makes it.`);
const packed = join(values.packages, name);
const version = /-(\d+\.\d+\.\d+)-/.exec(name)?.[1];
if (version === undefined) throw new Error(`${name} does not say its version.`);
const scratch = await mkdtemp(join(tmpdir(), 'dediffusion-next-'));
try {
  tell(`${name}: what must not be installed`);
  await tryFaults(packed, version, scratch);
  tell(`${name}: from ${version} to ${nextVersion(version)}`);
  await tryUpdate(packed, version, scratch);
} finally {
  await rm(scratch, { recursive: true });
}
