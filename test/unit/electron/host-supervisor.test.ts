import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CoreState } from '../../../contract/desktop.ts';
import { HostSupervisor } from '../../../main/shell/electron/host/host-supervisor.ts';
import type { HostDeath, HostSupervisorOptions } from '../../../main/shell/electron/host/host-supervisor.ts';

/** A real child process that says what a host says, and counts its starts in a file. */
const reporting = `
import { appendFileSync } from 'node:fs';
appendFileSync(process.env.STARTS, process.pid + '\\n');
process.on('message', (order) => {
  if (order.type === 'close') process.exit(0);
  appendFileSync(process.env.STARTS + '.orders', JSON.stringify(order) + '\\n');
  if (order.type === 'open') process.send({ type: 'ready' });
});
process.once('disconnect', () => process.exit(0));
`;
const crashing = `process.stderr.write('the disk is on fire'); process.exit(7);`;
const refusing = `
const error = { code: 'library-in-use', message: 'In use.', hint: 'Close the other one.', details: {} };
process.on('message', () => process.send({ type: 'refused', error }, () => process.exit(0)));
`;
const silent = `setInterval(() => undefined, 1000); process.on('message', () => undefined);`;

const keys = { openai: 'sk-of-the-keychain' };
let folder: string;
let supervisor: HostSupervisor | null = null;
const states: CoreState['type'][] = [];
const deaths: HostDeath[] = [];

function oversee(source: string, more: Partial<HostSupervisorOptions> = {}): HostSupervisor {
  const entry = join(folder, 'host.mjs');
  writeFileSync(entry, source);
  supervisor = new HostSupervisor({
    command: {
      node: process.execPath,
      entry,
      environment: { ...process.env, STARTS: join(folder, 'starts') },
      workingFolder: folder,
    },
    socketPath: join(folder, 'socket'),
    token: 't'.repeat(43),
    readSecrets: () => keys,
    crashLoop: { limit: 4, windowMs: 60_000, firstPauseMs: 1 },
    onState: (state) => states.push(state.type),
    onDeath: (death) => deaths.push(death),
    ...more,
  });
  return supervisor;
}

function supervise(source: string, more: Partial<HostSupervisorOptions> = {}): HostSupervisor {
  const started = oversee(source, more);
  started.start();
  return started;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-supervisor-'));
  states.length = 0;
  deaths.length = 0;
});
afterEach(async () => {
  await supervisor?.close();
  rmSync(folder, { recursive: true });
});

const orders = () =>
  readFileSync(join(folder, 'starts.orders'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const starts = (): number => {
  const file = join(folder, 'starts');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
};

test('is ready when the host says so; neither the token nor a key is in its arguments or environment', async () => {
  const host = supervise(reporting);
  expect((await host.whenSettled(30_000)).type).toBe('ready');
  expect(states).toEqual(['starting', 'ready']);
  expect(orders()).toMatchObject([{ type: 'open', token: 't'.repeat(43), secrets: keys }]);
  if (process.platform === 'linux') {
    for (const name of ['cmdline', 'environ'])
      for (const secret of ['t'.repeat(43), keys.openai])
        expect(readFileSync(`/proc/${host.processId}/${name}`, 'utf8')).not.toContain(secret);
  }
});

test('has a host load its code before there is a keychain, and tells that same host what to open', async () => {
  let keychain: Readonly<Record<string, string>> | null = null;
  const host = oversee(reporting, {
    readSecrets: () => {
      if (keychain === null) throw new Error('The keychain is not open yet.');
      return keychain;
    },
  });
  host.prepare();
  await until(() => starts() === 1);
  host.handSecrets({ openai: 'too early' });
  expect(states).toEqual([]);
  keychain = keys;
  host.start();
  expect((await host.whenSettled(30_000)).type).toBe('ready');
  expect(orders()).toMatchObject([{ type: 'open', secrets: keys }]);
  expect(starts()).toBe(1);
});

test('starts another host where the one that was prepared died', async () => {
  const host = oversee(reporting);
  host.prepare();
  await until(() => starts() === 1);
  process.kill(host.processId ?? 0, 'SIGKILL');
  await until(() => deaths.length === 1);
  host.start();
  expect((await host.whenSettled(30_000)).type).toBe('ready');
  expect(starts()).toBe(2);
});

test('hands keys on to the host that runs, and to the one after it', async () => {
  const host = supervise(reporting);
  await host.whenSettled(30_000);
  host.handSecrets({ openai: 'another' });
  await until(() => orders().length === 2);
  expect(orders()[1]).toEqual({ type: 'secrets', values: { openai: 'another' } });
  process.kill(host.processId ?? 0, 'SIGKILL');
  await until(() => orders().length === 3);
  expect(orders()[2]).toMatchObject({ type: 'open', secrets: keys });
});

test('starts a killed host again', async () => {
  const host = supervise(reporting);
  await host.whenSettled(30_000);
  const first = host.processId ?? 0;
  process.kill(first, 'SIGKILL');
  await until(() => states.filter((state) => state === 'ready').length === 2);
  expect(host.processId).not.toBe(first);
  expect(states).toEqual(['starting', 'ready', 'restarting', 'starting', 'ready']);
  expect(deaths).toMatchObject([{ signal: 'SIGKILL' }]);
});

test('gives up on a host that keeps crashing, keeps its last words, and tries again when asked', async () => {
  const host = supervise(crashing);
  expect(await host.whenSettled(30_000)).toMatchObject({ type: 'failed', error: { code: 'internal' } });
  expect(deaths).toHaveLength(4);
  expect(deaths[3]).toEqual({ exitCode: 7, signal: null, lastOutput: 'the disk is on fire' });
  writeFileSync(join(folder, 'host.mjs'), reporting);
  host.start();
  expect((await host.whenSettled(30_000)).type).toBe('ready');
});

test('keeps no key among the last words of a host, wherever it had it from', async () => {
  const leaking = `
    process.on('message', ({ secrets, token }) => {
      process.stderr.write(secrets.openai + ' ' + token + ' ' + process.env.DEDIFFUSION_SECRET_MINE + ' ' + process.env.HF_TOKEN);
      process.stderr.write('x'.repeat(7_990 - 'end'.length) + ' end', () => process.exit(7));
    });
  `;
  process.env['DEDIFFUSION_SECRET_MINE'] = 'sk-of-the-environment';
  process.env['HF_TOKEN'] = 'hf-of-the-environment';
  try {
    supervise(leaking);
    await until(() => deaths.length > 0);
  } finally {
    delete process.env['DEDIFFUSION_SECRET_MINE'];
    delete process.env['HF_TOKEN'];
  }
  const { lastOutput } = deaths[0] ?? { lastOutput: '' };
  expect(lastOutput).toMatch(/•••x+ end$/);
  expect(lastOutput).not.toMatch(/sk-of|hf-of|ttt|environment|keychain/);
});

test('does not start a host again that refused for a reason', async () => {
  const host = supervise(refusing);
  expect(await host.whenSettled(30_000)).toMatchObject({ type: 'failed', error: { code: 'library-in-use' } });
  await until(() => host.processId === null);
  expect(states).toEqual(['starting', 'failed']);
  expect(deaths).toEqual([]);
});

test('a Node that is not there is a failure with its reason', async () => {
  const command = { node: join(folder, 'no-node'), entry: 'host.mjs', environment: {}, workingFolder: folder };
  expect((await supervise('', { command }).whenSettled(30_000)).type).toBe('failed');
  expect(deaths[0]?.lastOutput).toContain('ENOENT');
});

test('takes a host for dead that never reports', async () => {
  const host = supervise(silent, { startDeadlineMs: 50 });
  expect((await host.whenSettled(30_000)).type).toBe('failed');
  expect(deaths.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL']);
});

test('closing asks the host to end and starts no other', async () => {
  const host = supervise(reporting);
  await host.whenSettled(30_000);
  await host.close();
  expect(host.processId).toBeNull();
  expect(starts()).toBe(1);
  expect(deaths).toEqual([]);
  host.start();
  expect(host.processId).toBeNull();
});

test('a host that does not end when asked is ended', async () => {
  const host = supervise(silent, { closeDeadlineMs: 50 });
  await until(() => host.processId !== null);
  await host.close();
  expect(host.processId).toBeNull();
});

test('waiting ends by itself when nothing settles', async () => {
  const host = supervise(silent, { closeDeadlineMs: 50 });
  expect((await host.whenSettled(10)).type).toBe('starting');
  const waiting = host.whenSettled(60_000);
  await host.close();
  expect((await waiting).type).toBe('starting');
});
