import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import type { UpdateChoice, UpdateState, UpdateWay } from '../../../contract/outside/updates.ts';
import { JsonStore } from '../../../main/shell/electron/json-store.ts';
import { ProgramUpdater } from '../../../main/shell/electron/updates/program-updater.ts';
import { UpdateKeeper } from '../../../main/shell/electron/updates/update-keeper.ts';
import { firstUpdateMemory, UpdateMemory, updateMemoryRecord } from '../../../main/shell/electron/updates/update-memory.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { etagOf } from '../../helpers/hub-server.ts';
import { updateServer } from '../../helpers/update-server.ts';
import type { UpdateQuestion } from '../../helpers/update-server.ts';
import { makeBytes } from '../downloads/fetch-test-files.ts';

export interface Program {
  readonly keeper: UpdateKeeper;
  /** The AppImage that runs. */
  readonly file: string;
  readonly states: UpdateState[];
  readonly ends: string[];
  readonly notes: Readonly<Record<string, string>>[];
}

/** A place of updates, a core that may ask it, and a program of version 0.1.0 as an AppImage, for the tests of one suite. */
export function setUpdateStage() {
  const place = updateServer();
  const server = createServer(place.listener);
  const newer = { version: '0.2.0', file: 'studio-0.2.0-x86_64.AppImage', bytes: makeBytes(400_000, 3), notes: 'More words.' };
  let feed: string;
  let core: Studio;
  let folder: string;
  let now = 1_764_000_000_000;

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

  /** The program of version 0.1.0 as an AppImage, with its own memory. */
  function start(
    choice: UpdateChoice,
    { way = 'itself', name = 'studio-0.1.0-x86_64.AppImage' }: { way?: UpdateWay; name?: string } = {},
  ): Program {
    const file = join(folder, 'program', name);
    mkdirSync(join(folder, 'program'), { recursive: true });
    writeFileSync(file, 'version 0.1.0');
    chmodSync(file, 0o755);
    const memory = new UpdateMemory(
      new JsonStore(join(folder, 'desktop', 'updates.json'), updateMemoryRecord, firstUpdateMemory, (line) => expect.fail(line)),
    );
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
        beforeRestart: () => ends.push('keys given back'),
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

  return {
    ...{ place, newer, agree, start, until, listProgram, stall },
    get feed() {
      return feed;
    },
    get core() {
      return core;
    },
    get folder() {
      return folder;
    },
    get now() {
      return now;
    },
    /** Time goes by. */
    pass: (ms: number) => {
      now += ms;
    },
  };
}
