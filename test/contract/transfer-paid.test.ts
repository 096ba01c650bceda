import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionSchema } from '../../contract/outside/connection.ts';
import { openStudio } from '../../main/studio.ts';
import { modelServer } from '../helpers/model-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { isAtRest, orderOf, waitForTransfer } from './transfer-workshop.ts';
import { waitForJob } from './wait-for-job.ts';

const SCRIPT = join(import.meta.dirname, 'work-on-transfer.ts');
const png = readFileSync(new URL('../fixtures/images/small.png', import.meta.url)).toString('base64');

async function open(dataFolder: string): Promise<TestStudio> {
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  return { studio, client: studio.client, close: () => studio.close() };
}

/** A service that speaks as OpenAI Images does, never comes to an end with some requests, breaks off at others, and refuses others, by their numbers. */
async function openService(endless: readonly number[], cut: readonly number[] = [], refused: readonly number[] = []) {
  let tell = (): void => undefined;
  const { listener, heard } = modelServer((response, number) => {
    const answer = JSON.stringify({ data: [{ b64_json: png }] });
    if (cut.includes(number)) response.destroy();
    else if (refused.includes(number)) response.writeHead(400).end('{"error": {"message": "no foxes"}}');
    else if (!endless.includes(number)) response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    tell();
  });
  const address = `${await serveHttp(listener)}/v1`;
  const untilAsked = async (times: number): Promise<void> => {
    while (heard.length < times) await new Promise<void>((resolve) => (tell = resolve));
  };
  return { address, untilAsked, prompts: () => heard.map(({ body }) => body['prompt']) };
}

type Price = { readonly picture: number; readonly limit: null } | null;

async function connect({ client }: TestStudio, address: string, price: Price): Promise<void> {
  const connection = { id: 'service', kind: 'openai-images', address, model: 'draws', patienceSeconds: 300, price };
  const { consent } = await client.connections.add(connectionSchema.parse(connection));
  await client.network.allow(consent);
}

/** A grid of two texts that the service draws, and the folder of the studio that has begun it. */
async function begin({ address }: { readonly address: string }, price: Price) {
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-transfer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const studio = await open(folder);
  await connect(studio, address, price);
  const tools = [{ type: 'connections' as const, connectionIds: ['service'] }];
  const { id } = await studio.client.transfers.create(orderOf(['a fox', 'a boat'], { tools }));
  return { folder, studio, id };
}

/** A studio of its own goes on with it and is killed once the service was asked so often. */
async function workAndKill(folder: string, asked: Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, folder], { stdio: 'ignore' });
  const closed = once(child, 'close');
  await asked;
  child.kill('SIGKILL');
  await closed;
}

const price = { picture: 1, limit: null };
const brokenOff = {
  state: 'failed',
  error: {
    code: 'tool-failed',
    message: expect.stringContaining('may be paid') as string,
    hint: expect.stringContaining('draw it again') as string,
    details: { mayBePaid: true, connection: 'service' },
  },
};

describe.skipIf(!hasPack)('a picture that a service was drawing when the studio ended', { timeout: 300_000 }, () => {
  it('is not paid again by itself, after a close and after a death, says so, and is drawn again for a person', async () => {
    const service = await openService([0, 1]);
    const { folder, studio, id } = await begin(service, price);
    await service.untilAsked(1);
    await studio.close();
    await workAndKill(folder, service.untilAsked(2));
    expect(service.prompts()).toEqual(['a fox', 'a boat']);

    const last = await open(folder);
    onTestFinished(() => last.close());
    expect((await waitForTransfer(last, id, isAtRest)).cells).toMatchObject([brokenOff, brokenOff]);
    expect(service.prompts()).toHaveLength(2);
    await last.client.transfers.retry({ transferId: id, cells: [{ row: 1, column: 0, seedIndex: 0 }] });
    const wanted = await waitForTransfer(last, id, isAtRest);
    expect(wanted.cells).toMatchObject([brokenOff, { state: 'done', error: null }]);
    expect(service.prompts()).toEqual(['a fox', 'a boat', 'a boat']);
  });

  it('says so where a person stopped it, and is not among all that is drawn again', async () => {
    const service = await openService([0]);
    const { studio, id } = await begin(service, price);
    onTestFinished(() => studio.close());
    await service.untilAsked(1);
    const stopped = { ...brokenOff, state: 'cancelled' };
    await studio.client.transfers.cancel({ transferId: id });
    expect((await waitForTransfer(studio, id, isAtRest)).cells).toMatchObject([stopped, { state: 'cancelled', error: null }]);
    await studio.client.transfers.retry({ transferId: id });
    expect((await waitForTransfer(studio, id, isAtRest)).cells).toMatchObject([stopped, { state: 'done' }]);
    expect(service.prompts()).toEqual(['a fox', 'a boat']);
    await studio.client.transfers.retry({ transferId: id, cells: [{ row: 0, column: 0, seedIndex: 0 }] });
    expect((await waitForTransfer(studio, id, isAtRest)).counts).toMatchObject({ done: 2 });
    expect(service.prompts()).toEqual(['a fox', 'a boat', 'a fox']);
  });

  it('is asked for again where it costs nothing', async () => {
    const service = await openService([0]);
    const { folder, studio, id } = await begin(service, null);
    await service.untilAsked(1);
    await studio.close();
    const last = await open(folder);
    onTestFinished(() => last.close());
    expect((await waitForTransfer(last, id, isAtRest)).counts).toMatchObject({ done: 2 });
    expect(service.prompts()).toEqual(['a fox', 'a fox', 'a boat']);
  });

  it('says that it may be paid, too, where the answer never came', async () => {
    const service = await openService([], [0]);
    const { studio, id } = await begin(service, price);
    onTestFinished(() => studio.close());
    const lost = { state: 'failed', error: { code: 'address-unreachable', details: { mayBePaid: true } } };
    expect((await waitForTransfer(studio, id, isAtRest)).cells).toMatchObject([lost, { state: 'done', error: null }]);
    expect(service.prompts()).toEqual(['a fox', 'a boat']);
  });
});

describe.skipIf(!hasPack)('a drawing of several pictures that came to nothing at a service', { timeout: 300_000 }, () => {
  /** Three pictures of one text, which come to nothing in the end. */
  async function fail(service: Awaited<ReturnType<typeof openService>>, asked: number, isStopped: boolean) {
    const studio = await openInProcess();
    onTestFinished(() => studio.close());
    await connect(studio, service.address, price);
    const { jobs } = studio.client;
    const prompt = { type: 'text' as const, text: 'a fox' };
    const job = await jobs.submit({ kind: 'generate', connectionId: 'service', prompt, settings: { count: 3 } });
    await service.untilAsked(asked);
    if (isStopped) await jobs.cancel({ jobId: job.id });
    return { studio, job: await waitForJob(studio.client, job.id) };
  }

  it.each([
    { why: 'was stopped', service: () => openService([2]), state: 'cancelled' },
    { why: 'lost an answer', service: () => openService([], [2]), state: 'failed' },
    { why: 'was refused', service: () => openService([], [], [2]), state: 'failed' },
  ])('says, where it $why, that all of them are paid again, as they are', async ({ service: openIt, state }) => {
    const service = await openIt();
    const { studio, job } = await fail(service, 3, state === 'cancelled');
    expect(job).toMatchObject({
      state,
      error: { hint: expect.stringContaining('all 3 pictures may be paid again') as string },
    });
    const { client } = studio;
    expect((await client.library.query({})).items).toHaveLength(2);
    await client.jobs.retry({ jobId: job.id });
    expect(await waitForJob(client, job.id)).toMatchObject({ state: 'done', error: null });
    expect(service.prompts()).toHaveLength(6);
  });

  it('says nothing of it where none had come', async () => {
    const { job } = await fail(await openService([], [], [0]), 1, false);
    expect(job).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('no foxes') as string } });
    expect(job.error?.hint).not.toContain('paid');
  });
});
