import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { connectionSchema, consentsOf } from '../../contract/outside/connection.ts';
import type { ConnectionState, toolConnectionSchema } from '../../contract/outside/connection.ts';
import type { Job } from '../../contract/job.ts';
import { ComfyuiServer } from '../helpers/comfyui-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { waitForJob, watchJob } from './wait-for-job.ts';

describe.skipIf(!hasPack)('tools that draw', { timeout: 120_000 }, () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  async function connect(more: Partial<z.input<typeof toolConnectionSchema>> = {}) {
    const server = new ComfyuiServer();
    const address = await serveHttp(server.listener, server.upgrade);
    const connection = { id: 'paints', kind: 'comfyui' as const, address, model: 'small.safetensors', ...more };
    return { server, state: await test.client.connections.add(connectionSchema.parse(connection)) };
  }
  const allow = ({ consent }: ConnectionState) => test.client.network.allow(consent);
  const submit = (settings = {}, connectionId = 'paints'): Promise<Job> =>
    test.client.jobs.submit({
      kind: 'generate',
      connectionId,
      prompt: { type: 'text', text: 'a red fox' },
      settings: { seed: 5, width: 64, height: 64, ...settings },
      parents: [],
    });

  it('are asked after a yes alone, and draw into the library', async () => {
    const { server, state } = await connect();
    expect(state).toMatchObject({ allowed: false, keySet: true, consent: { purpose: 'image-tool', keeps: ['picture'] } });
    expect(await readFailure(test.client.connections.abilities({ id: 'paints' }))).toMatchObject({ code: 'consent-needed' });
    const refused = await waitForJob(test.client, (await submit()).id);
    expect(refused.error).toMatchObject({ code: 'consent-needed' });
    expect(server.heard).toEqual([]);

    await allow(state);
    expect(await test.client.connections.abilities({ id: 'paints' })).toMatchObject({ previews: true, seeds: true });
    const seen = await watchJob(test.client, () => submit({ count: 2 }));
    const last = seen.at(-1);
    if (last?.result?.kind !== 'generate') throw new Error('no pictures');
    expect(last.result.items).toMatchObject(
      [5, 6].map((seed) => ({ kind: 'generation', title: 'a red fox', recipe: { kind: 'tool', tool: 'comfyui', seed } })),
    );
    const item = await test.client.library.get({ itemId: last.result.items[1]?.id ?? '' });
    expect(item).toMatchObject({ recipe: { model: 'small.safetensors', host: new URL(state.address).host } });
    const listed = (await test.client.connections.list()).find(({ id }) => id === 'paints');
    expect(listed).toMatchObject({ allowed: true, spent: { answers: 2, cost: null } });
    const { sent } = await test.client.network.report();
    expect(sent.find(({ purpose }) => purpose === 'image-tool')).toBeDefined();
  });

  it('draw beside the device, and at one server one waits while the other is drawn', async () => {
    const { server, state } = await connect();
    await allow(state);
    server.held = 'step';
    const [first, second] = [await submit(), await submit({ seed: 9 })];
    const here = await test.client.jobs.submit({
      kind: 'generate',
      prompt: { type: 'text', text: 'a red fox' },
      settings: { seed: 5, steps: 1 },
      parents: [],
    });
    expect(await waitForJob(test.client, here.id)).toMatchObject({ state: 'done' });
    expect(await test.client.jobs.get({ jobId: first.id })).toMatchObject({
      state: 'running',
      progress: { phase: 'denoising', step: 1, steps: 2, previewUrl: expect.stringContaining(first.id) as string },
    });
    const waiting = { state: 'running', progress: { phase: 'waiting', ahead: 1 } };
    await expect.poll(() => test.client.jobs.get({ jobId: second.id }), { timeout: 30_000 }).toMatchObject(waiting);
    server.go();
    expect(await waitForJob(test.client, second.id)).toMatchObject({ state: 'done' });
  });

  it('are told to stop with the job, which begins anew when it is tried again', async () => {
    const { server, state } = await connect();
    await allow(state);
    server.held = 'step';
    const asked = server.next('/prompt');
    const job = await submit();
    await asked;
    await test.client.jobs.cancel({ jobId: job.id });
    expect(await test.client.jobs.get({ jobId: job.id })).toMatchObject({ state: 'cancelled' });
    server.held = null;
    await test.client.jobs.retry({ jobId: job.id });
    expect(await waitForJob(test.client, job.id)).toMatchObject({ state: 'done' });
  });

  it('on several servers draw side by side, a lane each, and one takes over what another leaves behind', async () => {
    const [one, two] = [new ComfyuiServer(), new ComfyuiServer()];
    const [address, other] = await Promise.all([one, two].map((server) => serveHttp(server.listener, server.upgrade)));
    const connection = { id: 'pool', kind: 'comfyui', address, moreAddresses: [other], model: 'small.safetensors' };
    const state = await test.client.connections.add(connectionSchema.parse(connection));
    await allow(state);
    expect(await test.client.connections.list()).toContainEqual(expect.objectContaining({ id: 'pool', allowed: false }));
    for (const consent of consentsOf(state)) await test.client.network.allow(consent);
    expect(await test.client.connections.test({ id: 'pool' })).toMatchObject({ program: 'ComfyUI 0.3.64' });

    for (const server of [one, two]) server.held = 'step';
    const asked = [one, two].map((server) => server.next('/prompt'));
    const jobs = [await submit({}, 'pool'), await submit({ seed: 9 }, 'pool')];
    await Promise.all(asked);
    one.kill();
    two.go();
    for (const { id } of jobs) expect(await waitForJob(test.client, id)).toMatchObject({ state: 'done' });
    expect([one, two].map((server) => server.asked('/prompt', 'POST').length)).toEqual([1, 2]);
    const listed = (await test.client.connections.list()).find(({ id }) => id === 'pool');
    expect(listed?.spent.answers).toBe(2);
  });

  it('stop at their spending limit', async () => {
    const { server, state } = await connect({ id: 'dear', price: { picture: 0.5, limit: 1 } });
    await allow(state);
    const job = await waitForJob(test.client, (await submit({ count: 5 }, 'dear')).id);
    expect(job.error).toMatchObject({ code: 'tool-limited', message: 'The spending limit of dear is reached.' });
    expect(server.asked('/prompt', 'POST')).toHaveLength(2);
    expect((await test.client.connections.list()).find(({ id }) => id === 'dear')?.spent).toMatchObject({ answers: 2, cost: 1 });
  });

  it('say what they are and have, or what is wrong in a sentence', async () => {
    const { server, state } = await connect();
    await allow(state);
    expect(await test.client.connections.test({ id: 'paints' })).toMatchObject({
      ...{ type: 'tool', program: 'ComfyUI 0.3.64', models: ['small.safetensors', 'large.safetensors'], schedulers: 4 },
    });
    server.models = ['large.safetensors'];
    expect(await readFailure(test.client.connections.test({ id: 'paints' }))).toMatchObject({
      code: 'tool-refused',
      message: `${new URL(state.address).host} has no model small.safetensors.`,
    });
    const gone = await connect({ address: 'http://127.0.0.1:9' });
    await allow(gone.state);
    expect(await readFailure(test.client.connections.test({ id: 'paints' }))).toMatchObject({ code: 'address-unreachable' });
  });

  it('write nothing, and language models draw nothing', async () => {
    await connect();
    const document = await test.client.prompts.create({ text: 'a red fox' });
    const polish = test.client.language.polish({ way: 'fluent', document, writer: 'paints' });
    expect(await readFailure(polish)).toMatchObject({ code: 'bad-request', message: 'paints draws and does not write.' });
    const writer = { id: 'writes', kind: 'google', address: 'https://a.example', model: 'm' };
    await test.client.connections.add(connectionSchema.parse(writer));
    expect((await waitForJob(test.client, (await submit({}, 'writes')).id)).error).toMatchObject({ code: 'bad-request' });
    expect((await waitForJob(test.client, (await submit({}, 'nobody')).id)).error).toMatchObject({ code: 'not-found' });
  });
});
