import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { UpdateChoice, UpdateState, UpdateWay } from '../../../contract/updates.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';
import { ProgramUpdater } from '../../../main/shell/electron/updates/program-updater.ts';
import { lookEveryMs, UpdateKeeper } from '../../../main/shell/electron/updates/update-keeper.ts';
import { UpdateMemory } from '../../../main/shell/electron/updates/update-memory.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { etagOf } from '../../helpers/hub-server.ts';
import { updateServer } from '../../helpers/update-server.ts';
import type { UpdateQuestion } from '../../helpers/update-server.ts';
import { makeBytes } from '../downloads/fetch-test-files.ts';

const place = updateServer();
const server = createServer(place.listener);
const newer = { version: '0.2.0', file: 'studio-0.2.0-x86_64.AppImage', bytes: makeBytes(400_000, 3), notes: 'More words.' };
let feed: string;
let core: Studio;
let folder: string;
let now = 1_764_000_000_000;

describe.skipIf(process.platform !== 'linux')('updates of an AppImage', () => {
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    feed = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = mkdtempSync(join(tmpdir(), 'updates-'));
    core = await openStudio({ dataFolder: join(folder, 'library'), device: 'cpu', environment: {} });
  });
  afterAll(async () => {
    await core.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    place.offer(newer);
    place.misbehave(null);
    place.asked.length = 0;
    // What the library looks for before it fetches one.
    vi.stubEnv('APPIMAGE', join(folder, 'program', 'studio-0.1.0-x86_64.AppImage'));
    for (const name of ['program', 'desktop', 'cache']) rmSync(join(folder, name), { recursive: true, force: true });
    rmSync(join(folder, 'library/cache/updates'), { recursive: true, force: true });
    await agree();
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const agree = () =>
    core.client.network.allow({ origin: feed, purpose: 'update', sends: ['address'], keeps: ['program'], shown: 'test' });

  interface Program {
    readonly keeper: UpdateKeeper;
    /** The AppImage that runs. */
    readonly file: string;
    readonly states: UpdateState[];
    readonly ends: string[];
    readonly notes: Readonly<Record<string, string>>[];
  }

  /** The program of version 0.1.0 as an AppImage, with its own memory. */
  function start(
    choice: UpdateChoice,
    { way = 'itself', name = 'studio-0.1.0-x86_64.AppImage' }: { way?: UpdateWay; name?: string } = {},
  ): Program {
    const file = join(folder, 'program', name);
    mkdirSync(join(folder, 'program'), { recursive: true });
    writeFileSync(file, 'version 0.1.0');
    chmodSync(file, 0o755);
    const store = new JsonStore<unknown>(join(folder, 'desktop', 'updates.json'), z.unknown(), null);
    const memory = new UpdateMemory(store, (line) => expect.fail(line));
    memory.keep({ choice });
    const states: UpdateState[] = [];
    const ends: string[] = [];
    const notes: Readonly<Record<string, string>>[] = [];
    const keeper = new UpdateKeeper({
      ...{ version: '0.1.0', way, packageFeed: feed, memory, clock: () => now },
      updater: new ProgramUpdater({
        ...{ platform: 'linux', version: '0.1.0', configFile: join(folder, 'none.yml'), core: core.client },
        cacheFolder: join(folder, 'cache', 'updates'),
        appImage: way === 'itself' ? file : null,
        relaunch: (path) => ends.push(`start ${path}`),
        note: () => undefined,
      }),
      onState: (state) => states.push(state),
      quit: () => ends.push('quit'),
      note: (_message, facts = {}) => notes.push(facts),
      logFailure: (error) => expect.fail(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    return { keeper, file, states, ends, notes };
  }

  const until = (keeper: UpdateKeeper, type: UpdateState['step']['type']) =>
    expect.poll(() => keeper.state.step.type, { timeout: 20_000, interval: 5 }).toBe(type);
  const listProgram = () => readdirSync(join(folder, 'program'));
  /** Gives so many bytes and then nothing, with the line held open. */
  const stall =
    (sent: number) =>
    ({ response, bytes, from }: UpdateQuestion): void => {
      const part = { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
      const headers = { 'content-length': bytes.byteLength - from, etag: etagOf(bytes) };
      response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, ...part } : headers);
      response.write(bytes.subarray(from, from + sent));
    };

  describe('who chose', () => {
    it('off is asked for nothing by the studio itself, and may look', async () => {
      const { keeper } = start('off');
      await keeper.look();
      expect(place.asked).toEqual([]);
      await keeper.check();
      expect(keeper.state).toMatchObject({
        checkedMs: now,
        step: { type: 'found', version: '0.2.0', notes: 'More words.', waits: false },
      });
      expect(place.asked.map(({ path }) => path)).toEqual(['/latest-linux.yml']);
    });

    it('ask hears of it, and nothing is fetched before a yes', async () => {
      const { keeper, file } = start('ask');
      await keeper.look();
      expect(keeper.state.step).toMatchObject({ type: 'found', waits: false });
      await keeper.installAtEnd();
      expect(place.asked).toHaveLength(1);
      keeper.fetch();
      await until(keeper, 'ready');
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
    });

    it('automatic finds it ready, and it is installed when the program ends', async () => {
      const { keeper, file, states, ends, notes } = start('automatic');
      await keeper.look();
      await until(keeper, 'ready');
      expect(states.map(({ step }) => step.type)).toEqual(expect.arrayContaining(['checking', 'found', 'fetching', 'ready']));
      keeper.close();
      await keeper.installAtEnd();
      const installed = join(folder, 'program', newer.file);
      expect(listProgram()).toEqual([newer.file]);
      expect(readFileSync(installed).equals(newer.bytes)).toBe(true);
      expect(statSync(installed).mode & 0o777).toBe(0o755);
      expect({ ends, last: notes.at(-1), isThere: file === installed }).toEqual({
        ends: [],
        last: { step: 'installed', version: '0.2.0' },
        isThere: false,
      });
    });

    it('a name of their own for the file keeps it', async () => {
      const { keeper } = start('automatic', { name: 'Studio.AppImage' });
      await keeper.look();
      await until(keeper, 'ready');
      await keeper.installAtEnd();
      expect(listProgram()).toEqual(['Studio.AppImage']);
      expect(readFileSync(join(folder, 'program', 'Studio.AppImage')).equals(newer.bytes)).toBe(true);
    });

    it('to restart now gets the new version started', async () => {
      const { keeper, ends } = start('automatic');
      expect(() => keeper.restart()).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
      await keeper.look();
      await until(keeper, 'ready');
      keeper.restart();
      keeper.close();
      await keeper.installAtEnd();
      expect(ends).toEqual(['quit', `start ${join(folder, 'program', newer.file)}`]);
    });

    it('off after it was fetched gets nothing installed', async () => {
      const { keeper, file } = start('automatic');
      await keeper.look();
      await until(keeper, 'ready');
      keeper.choose({ choice: 'off', feed: null });
      await keeper.installAtEnd();
      expect(keeper.state.step.type).toBe('idle');
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
    });
  });

  describe('by itself it looks', () => {
    it('once a day, also over a restart', async () => {
      place.offer({ ...newer, version: '0.1.0' });
      const { keeper } = start('ask');
      await keeper.look();
      expect(keeper.state.step.type).toBe('current');
      now += lookEveryMs - 1;
      await keeper.look();
      await start('ask').keeper.look();
      expect(place.asked).toHaveLength(1);
      now += 1;
      await keeper.look();
      expect(place.asked).toHaveLength(2);
    });

    it('nowhere before a person agreed, without a word, and with one where they ask for it', async () => {
      await core.client.network.revoke({ origin: feed, purpose: 'update' });
      const { keeper } = start('automatic');
      await keeper.look();
      expect(keeper.state.step).toEqual({ type: 'idle' });
      await keeper.check();
      expect(keeper.state.step).toMatchObject({ type: 'failed', error: { code: 'consent-needed' } });
      expect(place.asked).toEqual([]);
      await agree();
      await keeper.look();
      await until(keeper, 'ready');
    });

    it('for nothing from a source folder; a package and an archive hear of it, and fetch nothing', async () => {
      const { keeper: source } = start('automatic', { way: 'source' });
      await source.look();
      expect(place.asked).toEqual([]);
      for (const way of ['package', 'archive'] as const) {
        const { keeper } = start('automatic', { way });
        now += lookEveryMs;
        await keeper.look();
        keeper.fetch();
        expect(keeper.state).toMatchObject({ way, step: { type: 'found', version: '0.2.0' } });
      }
      expect(place.asked.every(({ path }) => path === '/latest-linux.yml')).toBe(true);
    });
  });

  describe('while jobs run or wait', () => {
    it('it looks for nothing, and does when they are done', async () => {
      const { keeper } = start('ask');
      keeper.setWorking(true);
      await keeper.look();
      expect(place.asked).toEqual([]);
      keeper.setWorking(false);
      await until(keeper, 'found');
    });

    it('what a person wants waits and says so, and is fetched afterwards', async () => {
      const { keeper } = start('ask');
      await keeper.check();
      keeper.setWorking(true);
      keeper.fetch();
      expect(keeper.state).toMatchObject({ isWorking: true, step: { type: 'found', waits: true } });
      keeper.stop();
      expect(keeper.state.step).toMatchObject({ type: 'found', waits: false });
      keeper.fetch();
      keeper.setWorking(false);
      await until(keeper, 'ready');
    });

    it('what is on its way stops, keeps its bytes, and goes on afterwards', async () => {
      place.misbehave(stall(150_000));
      const { keeper } = start('automatic');
      await keeper.look();
      await expect.poll(() => keeper.state.step, { timeout: 20_000 }).toMatchObject({ type: 'fetching', doneBytes: 150_000 });
      keeper.setWorking(true);
      await until(keeper, 'found');
      expect(keeper.state.step).toMatchObject({ waits: true });
      place.misbehave(null);
      keeper.setWorking(false);
      await until(keeper, 'ready');
      expect(place.asked.at(-1)?.from).toBe(150_000);
    });

    it('nothing is installed, whether the program ends or a person wants to restart', async () => {
      const { keeper, file, ends, notes } = start('automatic');
      await keeper.look();
      await until(keeper, 'ready');
      keeper.setWorking(true);
      expect(() => keeper.restart()).toThrow('The studio is working, so it is not ended now.');
      keeper.close();
      await keeper.installAtEnd();
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
      expect({ ends, last: notes.at(-1) }).toEqual({ ends: [], last: { step: 'waits', version: '0.2.0' } });
      // The next start finds what was fetched.
      now += lookEveryMs;
      place.asked.length = 0;
      const { keeper: next } = start('automatic');
      await next.look();
      await until(next, 'ready');
      expect(place.asked.map(({ path }) => path)).toEqual(['/latest-linux.yml']);
    });
  });

  describe('nothing changes and it is told', () => {
    const isUntouched = ({ file }: Program) => {
      expect(listProgram()).toEqual([file.split('/').at(-1)]);
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
    };

    it('where the sum is another', async () => {
      place.offer({ ...newer, sha512: `${'A'.repeat(86)}==` });
      const program = start('automatic');
      await program.keeper.look();
      await until(program.keeper, 'failed');
      await program.keeper.installAtEnd();
      expect(program.keeper.state.step).toMatchObject({ error: { code: 'download-damaged' } });
      isUntouched(program);
    });

    it('where the version is older, or this one', async () => {
      for (const version of ['0.0.9', '0.1.0', '0.1.0-beta.1']) {
        place.offer({ ...newer, version });
        const program = start('automatic');
        await program.keeper.check();
        expect(program.keeper.state.step).toEqual({ type: 'current' });
        await program.keeper.installAtEnd();
        isUntouched(program);
      }
      expect(place.asked.every(({ path }) => path === '/latest-linux.yml')).toBe(true);
    });

    it('where nobody answers, or the place has no feed', async () => {
      place.offer(null);
      const program = start('automatic');
      await program.keeper.check();
      expect(program.keeper.state.step).toMatchObject({ type: 'failed', error: { code: 'download-refused' } });
      const nobody = 'http://127.0.0.1:9';
      program.keeper.choose({ choice: 'ask', feed: nobody });
      await core.client.network.allow({ origin: nobody, purpose: 'update', sends: ['address'], keeps: ['program'], shown: '' });
      await program.keeper.check();
      expect(program.keeper.state.step).toMatchObject({ type: 'failed', error: { code: 'address-unreachable' } });
      isUntouched(program);
    });

    it('where the feed is none, or says nothing of its file', async () => {
      for (const feedText of [': : :', '{"version":"newest","files":[]}', 'hello']) {
        const strange = createServer((_request, response) => response.end(feedText)).listen(0, '127.0.0.1');
        await once(strange, 'listening');
        const origin = `http://127.0.0.1:${(strange.address() as AddressInfo).port}`;
        await core.client.network.allow({ origin, purpose: 'update', sends: ['address'], keeps: ['program'], shown: '' });
        const program = start('ask');
        program.keeper.choose({ choice: 'off', feed: origin });
        await program.keeper.check();
        expect(program.keeper.state.step, feedText).toMatchObject({ type: 'failed', error: { code: 'answer-unreadable' } });
        isUntouched(program);
        strange.close();
      }
    });

    it('where the file lies where it may not be replaced', async () => {
      const program = start('automatic');
      rmSync(join(folder, 'program'), { recursive: true });
      await program.keeper.look();
      await until(program.keeper, 'failed');
      expect(program.keeper.state.step).toMatchObject({ error: { code: 'file-unwritable' } });
      expect(place.asked).toHaveLength(1);
    });

    it('where what was fetched is damaged before it is installed', async () => {
      const program = start('automatic');
      await program.keeper.look();
      await until(program.keeper, 'ready');
      const pending = readdirSync(join(folder, 'cache'), { recursive: true, encoding: 'utf8' }).find((name) =>
        name.endsWith(newer.file),
      );
      writeFileSync(join(folder, 'cache', pending ?? ''), 'half');
      await program.keeper.installAtEnd();
      expect(program.notes.at(-1)).toMatchObject({ step: 'failed', code: 'download-damaged' });
      isUntouched(program);
    });
  });

  it('sends nothing but the request: no name, no number, no version of this one', async () => {
    const { keeper } = start('automatic');
    await keeper.look();
    await until(keeper, 'ready');
    expect(place.asked.map(({ path }) => path)).toEqual(['/latest-linux.yml', `/${newer.file}`]);
    for (const { headers } of place.asked) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
      expect(headers['user-agent']).toBe('De-Diffusion-Studio');
    }
    expect((await core.client.network.report()).sent.find(({ origin }) => origin === feed)?.purpose).toBe('update');
  });
});
