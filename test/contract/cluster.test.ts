import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSchema, consentsOf } from '../../contract/outside/connection.ts';
import type { Job } from '../../contract/job.ts';
import { openStudio } from '../../main/studio.ts';
import type { Studio } from '../../main/studio.ts';
import { KserveServer } from '../helpers/kserve-server.ts';
import { readServedPack } from '../helpers/open-cluster.ts';
import { makePicture } from './make-picture.ts';
import { hasPack, PACK_ID } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { waitForJob } from './wait-for-job.ts';

describe.skipIf(!hasPack)('servers that run models', { timeout: 180_000 }, () => {
  let dataFolder: string;
  let studio: Studio;
  let server: KserveServer;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-cluster-'));
    studio = await openStudio({ dataFolder, environment: {} });
    server = await new KserveServer({ graphs: (await readServedPack()).graphs, binary: true }).start();
  });
  afterAll(async () => {
    await studio.close();
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  async function read(sha256: string): Promise<Job> {
    const { client } = studio;
    const { id } = await client.jobs.submit({ kind: 'encode', imageSha256s: [sha256], lengths: [15] });
    return waitForJob(client, id);
  }

  it('are a device once a person has said yes, and give the text that is read here', async () => {
    const { client } = studio;
    const { sha256 } = (await studio.addImage(await makePicture(64, { r: 200, g: 40, b: 40 }))).image;
    const here = await read(sha256);
    const added = await client.connections.add(connectionSchema.parse({ id: 'rack', kind: 'kserve', address: server.address }));
    const { settings } = await client.settings.update({ device: 'remote:rack' });
    expect(settings.device).toBe('remote:rack');
    expect((await client.studio.info()).engine).toMatchObject({ device: 'remote:rack' });

    expect((await read(sha256)).error).toMatchObject({ code: 'consent-needed' });
    expect(server.runs).toBe(0);
    for (const consent of consentsOf(added)) await client.network.allow(consent);
    const there = await read(sha256);
    const textsOf = ({ result }: Job): unknown[] =>
      result?.kind === 'encode'
        ? result.images.flatMap(({ documents }) => documents.map(({ document }) => document.slots.map(({ tokenId }) => tokenId)))
        : [];
    expect(there.error).toBeNull();
    expect(textsOf(there)).toHaveLength(1);
    expect(textsOf(there)).toEqual(textsOf(here));
    expect(server.done).toBeGreaterThan(0);
    expect((await client.network.report()).sent[0]).toMatchObject({ origin: server.address, purpose: 'remote-model' });
  });

  it('say what they are when they are tested', async () => {
    const { client } = studio;
    const told = await client.connections.test({ id: 'rack' });
    expect(told).toMatchObject({
      type: 'cluster',
      servers: [{ address: server.address, program: 'triton 2.51.0', binary: true }],
    });
    expect(await readFailure(client.connections.abilities({ id: 'rack' }))).toMatchObject({ code: 'bad-request' });
  });

  it('are told to be missed when they are connected no more', async () => {
    const { client } = studio;
    const { sha256 } = (await studio.addImage(await makePicture(64, { r: 20, g: 140, b: 40 }))).image;
    await client.connections.remove({ id: 'rack' });
    expect((await read(sha256)).error).toMatchObject({ code: 'not-found', message: 'Nothing is connected as rack.' });
    await client.settings.update({ device: 'cpu' });
    expect((await read(sha256)).error).toBeNull();
  });

  it('are given a pack to serve', async () => {
    const folder = join(dataFolder, 'served');
    const written = await studio.client.packs.exportTriton({ packId: PACK_ID, folder });
    expect(written.folder).toBe(folder);
    expect((await readdir(join(folder, 'models'))).sort()).toEqual([...written.models].sort());
    expect(await readFailure(studio.client.packs.exportTriton({ packId: PACK_ID, folder }))).toMatchObject({
      code: 'bad-request',
    });
  });
});
