import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blendRequestSchema } from '../../contract/texts/blend.ts';
import type { BlendEvent } from '../../contract/texts/blend.ts';
import { connectionSchema } from '../../contract/outside/connection.ts';
import type { ConnectionRequest, ConnectionState } from '../../contract/outside/connection.ts';
import { exportTargetSchema } from '../../contract/texts/prompt.ts';
import type { Studio } from '../../main/studio.ts';
import { chatChunk, modelServer, startStream, writeChat } from '../helpers/model-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { waitForJob } from './wait-for-job.ts';
import { pictureOf } from './workshop.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

const A = 'a red robot on a road, oil painting';
const B = 'a deer in a misty forest, watercolor';
const good = JSON.stringify({ aPlusB: 'A red robot in a misty forest, watercolor.', bPlusA: 'A deer on a road, oil painting.' });
const echo = JSON.stringify({ aPlusB: A, bPlusA: B });

describe.skipIf(!hasPack)('language models', { timeout: 120_000 }, () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  async function connect(origin: string, more: Partial<ConnectionRequest> = {}): Promise<ConnectionState> {
    const connection = { id: 'mine', kind: 'openai-compatible' as const, address: `${origin}/v1`, model: 'small', ...more };
    return test.client.connections.add(connectionSchema.parse(connection));
  }

  async function blend(signal?: AbortSignal): Promise<BlendEvent[]> {
    const request = blendRequestSchema.parse({ a: { type: 'text', text: A }, b: { type: 'text', text: B }, writer: 'mine' });
    const events: BlendEvent[] = [];
    const options = signal === undefined ? {} : { signal };
    for await (const event of await test.client.language.blend(request, options)) events.push(event);
    return events;
  }

  it('are asked after a yes alone, and write a blend while it is shown', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, good));
    const added = await connect(await serveHttp(listener));
    expect(added).toMatchObject({ allowed: false, keySet: true, spent: { answers: 0 } });
    expect(added.consent.shown).toMatch(/No picture does/);
    expect(await readFailure(blend())).toMatchObject({ code: 'consent-needed' });
    expect(heard).toEqual([]);

    await test.client.network.allow(added.consent);
    const events = await blend();
    const last = events.at(-1);
    if (last?.type !== 'done') throw new Error('no blend');
    expect(events.filter(({ type }) => type === 'writing').length).toBeGreaterThan(3);
    const { aPlusB, checks, writer, builtIn, warnings, usage } = last.blend;
    expect({ text: aPlusB.text, writer, builtIn, warnings: warnings.filter((one) => !one.includes('The model')), usage }).toEqual(
      {
        text: 'A red robot in a misty forest, watercolor.',
        writer: 'mine',
        builtIn: null,
        warnings: [],
        usage: { inputTokens: 90, outputTokens: 12 },
      },
    );
    expect(checks.aPlusB).toEqual({ subject: true, setting: true, repeats: [], glued: [], echo: false, fits: true });
    expect(aPlusB.words.map(({ origin }) => origin)).toEqual([
      'language',
      'imageA',
      'imageA',
      'language',
      'language',
      'imageB',
      'imageB',
      'imageB',
    ]);
    expect(aPlusB.document.sources).toContainEqual({
      type: 'language',
      provider: 'mine',
      model: 'small',
      template: { name: 'blend', version: 1 },
    });
    const [listed] = await test.client.connections.list();
    expect(listed).toMatchObject({ allowed: true, spent: { answers: 1, inputTokens: 90, outputTokens: 12, cost: null } });
  });

  it('write a text anew, to be taken or left, and are credited with their words', async () => {
    const { listener, heard } = modelServer((response) =>
      writeChat(response, 'Sure: {"text":"A red robot walks along a road."}'),
    );
    const added = await connect(await serveHttp(listener));
    const document = await test.client.prompts.create({ text: A });
    const polish = () => test.client.language.polish({ way: 'fluent', document, writer: 'mine' });
    await test.client.network.revoke({ origin: added.consent.origin }).catch(() => undefined);
    expect(await readFailure(polish())).toMatchObject({ code: 'consent-needed' });
    await test.client.network.allow(added.consent);
    const { document: after, comparison } = await polish();
    expect((await test.client.prompts.inspect({ document: after })).text).toBe('A red robot walks along a road.');
    const written = after.slots.filter(({ source }) => after.sources[source]?.type === 'language');
    expect(written.length).toBeGreaterThan(0);
    expect(after.sources[written[0]?.source ?? -1]).toMatchObject({ provider: 'mine' });
    expect(after.slots.find(({ text }) => text === 'robot')?.id).toBe(document.slots.find(({ text }) => text === 'robot')?.id);
    expect(comparison.counts.inserted).toBeGreaterThan(0);
    await test.client.language.polish({ way: 'translate', document, writer: 'mine', language: 'German' });
    expect(JSON.stringify(heard.map(({ body }) => body['messages']))).toMatch(/in English\..*in German\./);
  });

  it('are told what the artist asks for besides', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, good));
    const added = await connect(await serveHttp(listener));
    await test.client.network.allow(added.consent);
    const [a, b] = [{ type: 'text', text: A } as const, { type: 'text', text: B } as const];
    const request = blendRequestSchema.parse({ a, b, writer: 'mine', instruction: 'keep the fog thick' });
    for await (const event of await test.client.language.blend(request)) expect(event.type).toMatch(/writing|done/);
    expect(JSON.stringify(heard[0]?.body['messages'])).toContain('For both: keep the fog thick');
  });

  it('are asked once more with the reason, and stand beside the built-in blend when it does not help', async () => {
    const { listener, heard } = modelServer((response, number) => writeChat(response, number === 1 ? good : echo));
    const added = await connect(await serveHttp(listener));
    await test.client.network.allow(added.consent);
    const mended = (await blend()).at(-1);
    if (mended?.type !== 'done') throw new Error('no blend');
    expect(mended.blend.builtIn).toBeNull();
    expect(mended.blend.warnings[0]).toMatch(/this is the second/);
    const messages = heard[1]?.body['messages'] as { role: string; content: unknown }[];
    expect(JSON.stringify(messages.at(-1))).toContain('aPlusB only repeats one of the texts.');

    const failed = (await blend()).at(-1);
    if (failed?.type !== 'done') throw new Error('no blend');
    expect(failed.blend.aPlusB.text).toBe(A);
    expect(failed.blend.checks.aPlusB).toMatchObject({ echo: true, setting: false });
    expect(failed.blend.builtIn?.aPlusB.text).toBe('a red robot in a misty forest, watercolor');
    expect(heard).toHaveLength(4);
  });

  it('that write nothing of use are said to', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, 'I am a helpful assistant'));
    const added = await connect(await serveHttp(listener));
    await test.client.network.allow(added.consent);
    expect(await readFailure(blend())).toMatchObject({ code: 'answer-unreadable', message: 'mine wrote no blend, twice.' });
    expect(heard).toHaveLength(2);
    expect(await readFailure(test.client.connections.remove({ id: 'nobody' }))).toMatchObject({ code: 'not-found' });
  });

  it('stop when nobody listens any more', async () => {
    let closed = (): void => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const { listener } = modelServer((response) => {
      response.on('close', closed);
      startStream(response);
      response.write(chatChunk({ content: '{"aPlusB":"a red' }));
    });
    const added = await connect(await serveHttp(listener));
    await test.client.network.allow(added.consent);
    const request = blendRequestSchema.parse({ a: { type: 'text', text: A }, b: { type: 'text', text: B }, writer: 'mine' });
    const stop = new AbortController();
    const events = await test.client.language.blend(request, { signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ type: 'writing', aPlusB: 'a red', bPlusA: '' });
    stop.abort();
    // How soon is measured where nothing else is (model-writer.test.ts).
    await gone;
  });

  it('stop at their spending limit, and are tried with one question', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, '{"colour":"white"}'));
    const price = { input: 1_000, output: 5_000, limit: 0.1 };
    const added = await connect(await serveHttp(listener), { id: 'dear', price });
    await test.client.network.allow(added.consent);
    expect(await test.client.connections.test({ id: 'dear' })).toMatchObject({ answer: '{"colour":"white"}', structured: true });
    const spent = (await test.client.connections.list()).find(({ id }) => id === 'dear')?.spent;
    expect(spent?.cost).toBeCloseTo(0.15);
    expect(await readFailure(test.client.connections.test({ id: 'dear' }))).toMatchObject({ code: 'writer-limited' });
    expect(heard).toHaveLength(1);
    expect((await test.client.connections.remove({ id: 'dear' })).map(({ id }) => id)).not.toContain('dear');
  });

  it('are asked with templates, of which every version is kept', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, good));
    const added = await connect(await serveHttp(listener));
    await test.client.network.allow(added.consent);
    const [own] = await test.client.templates.list();
    expect(own).toMatchObject({ id: 'blend', version: 1 });
    const saved = await test.client.templates.save({
      id: 'blend',
      name: 'Mine',
      system: 'Mix in {language}, {limit} tokens.',
      examples: [],
    });
    expect(saved.version).toBe(2);
    const done = (await blend()).at(-1);
    if (done?.type !== 'done') throw new Error('no blend');
    expect(JSON.stringify(heard[0]?.body['messages'])).toContain('Mix in English, 75 tokens.');
    expect(done.blend.aPlusB.document.sources).toContainEqual(
      expect.objectContaining({ template: { name: 'blend', version: 2 } }),
    );
    expect((await test.client.templates.remove({ id: 'blend' })).map(({ version }) => version)).toEqual([1]);
  });
});

describe.skipIf(!hasPack)('keys of language models', { timeout: 120_000 }, () => {
  const KEY = 'sk-planted-0815-nowhere';
  const KEPT = 'sk-planted-in-the-keychain';
  const everyFile = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
    );

  /** What a page is given for its memory, and what leaves the studio as files: a blend as every tool takes it, drawn, and saved. */
  async function everythingOf(studio: Studio): Promise<unknown[]> {
    const { client } = studio;
    const request = blendRequestSchema.parse({ a: { type: 'text', text: A }, b: { type: 'text', text: B }, writer: 'mine' });
    const blends: BlendEvent[] = [];
    for await (const event of await client.language.blend(request)) blends.push(event);
    const done = blends.at(-1);
    if (done?.type !== 'done') throw new Error('no blend');
    const { document } = done.blend.aPlusB;
    const kept = await client.prompts.save({ document, parents: [] });
    const prompt = { type: 'document' as const, document };
    const { id } = await client.jobs.submit({ kind: 'generate', prompt, settings: { steps: 1, seed: 1 }, parents: [kept.id] });
    const job = await waitForJob(client, id);
    const [drawn] = job.result?.kind === 'generate' ? job.result.items : [];
    if (drawn === undefined) throw new Error('nothing was drawn');
    const saved = await studio.readForSaving(pictureOf(drawn));
    const exports = exportTargetSchema.options.map((target) => client.prompts.export({ document, target }));
    return [
      ...[blends, kept, job, drawn, Buffer.from(saved.bytes).toString('latin1'), await Promise.all(exports)],
      ...[await client.connections.list(), await client.network.report(), await client.settings.get()],
      ...[await client.studio.info(), await client.templates.list(), await client.jobs.list(), await client.library.query({})],
    ];
  }

  it('are found in no file, no answer of the contract, no event, no export and no failure', async () => {
    const { openStudio } = await import('../../main/studio.ts');
    const { mkdtemp, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    const studio = await openStudio({ dataFolder: folder, device: 'cpu', environment: { DEDIFFUSION_SECRET_MINE: KEY } });
    try {
      const { listener, heard } = modelServer((response, number) => {
        if (number === 0) response.writeHead(401).end(`{"error":{"message":"Incorrect API key provided: ${KEY}"}}`);
        else if (number === 1) response.end(`half of ${KEY}`);
        else writeChat(response, good);
      });
      const origin = await serveHttp(listener);
      const connection = { id: 'mine', kind: 'openai-compatible', address: `${origin}/v1`, model: 'small', secret: 'mine' };
      const added = await studio.client.connections.add(connectionSchema.parse(connection));
      await studio.client.network.allow(added.consent);
      const request = blendRequestSchema.parse({ a: { type: 'text', text: A }, b: { type: 'text', text: B }, writer: 'mine' });
      const seen: unknown[] = [added];
      const leave = new AbortController();
      const events = await studio.client.studio.events(undefined, { signal: leave.signal });
      const following = (async () => {
        for await (const event of events) seen.push(event);
      })().catch(() => undefined);
      studio.takeSecrets({ other: KEPT });
      for (let turn = 0; turn < 3; turn += 1) {
        try {
          for await (const event of await studio.client.language.blend(request)) seen.push(event);
        } catch (error) {
          seen.push(error, String(error), error instanceof Error ? [error.message, error.stack] : null);
        }
      }
      seen.push(...(await everythingOf(studio)));
      leave.abort();
      await following;
      expect(heard[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
      expect(seen.length).toBeGreaterThan(8);
      expect(JSON.stringify(seen)).toContain('"from":"keychain"');
      expect([KEY, KEPT].filter((key) => JSON.stringify(seen).includes(key))).toEqual([]);
    } finally {
      await studio.close();
    }
    const files = everyFile(folder);
    expect(files.length).toBeGreaterThan(3);
    expect(files.some((text) => text.includes(KEY) || text.includes(KEPT))).toBe(false);
    await rm(folder, { recursive: true });
  });
});
