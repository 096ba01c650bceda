import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { connectionSchema } from '../../contract/outside/connection.ts';
import { matrixRequestSchema } from '../../contract/texts/matrix.ts';
import { modelServer, writeChat } from '../helpers/model-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { PACK_ID, hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { waitForJob } from './wait-for-job.ts';
import { pictureOf } from './workshop.ts';

describe.skipIf(!hasPack)('a matrix', { timeout: 180_000 }, () => {
  let test: TestStudio;
  let pictures: readonly string[];

  beforeAll(async () => {
    test = await openInProcess();
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    const items = [];
    for (const { file } of samples.slice(0, 3)) items.push(await test.client.images.addSample({ packId: PACK_ID, file }));
    pictures = items.map(pictureOf);
  });
  afterAll(() => test.close());

  const submit = (over: object = {}): Promise<Job> =>
    test.client.jobs.submit(
      matrixRequestSchema.parse({
        kind: 'matrix',
        name: 'Three scenes',
        imageSha256s: pictures,
        length: 5,
        draw: { steps: 1, guidance: 1, seed: 3 },
        ...over,
      }),
    );

  /** Cells that are drawn by now. */
  const drawn = async (jobId: string) =>
    (await test.client.matrices.get({ jobId })).cells.filter(({ picture }) => picture !== null);

  it('blends every picture with every other, shows what there is, and goes on where it ended', async () => {
    const { id: jobId } = await submit();
    while ((await drawn(jobId)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await test.client.jobs.cancel({ jobId });
    await waitForJob(test.client, jobId);
    const before = await drawn(jobId);
    expect(before.length).toBeGreaterThan(0);
    await test.client.jobs.retry({ jobId });
    const { result, state } = await waitForJob(test.client, jobId);
    expect({ state, result }).toMatchObject({ state: 'done', result: { kind: 'matrix', texts: 6, pictures: 6, errors: [] } });

    const matrix = await test.client.matrices.get({ jobId });
    expect(matrix.sources.map(({ imageSha256 }) => imageSha256)).toEqual(pictures);
    expect(matrix.cells.map(({ object, scene }) => [object, scene])).toEqual([
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 2],
      [2, 0],
      [2, 1],
    ]);
    for (const { checks } of matrix.cells) expect(checks).toMatchObject({ subject: true, glued: [], fits: true });
    // What was drawn before is not drawn again.
    expect(matrix.cells).toEqual(expect.arrayContaining(before));
    const { total } = await test.client.library.query({ boardId: jobId, limit: 100 });
    expect(total).toBe(3 + 6 + 6);
    const board = (await test.client.library.overview()).boards.find(({ id }) => id === jobId);
    expect(board).toMatchObject({ name: 'Three scenes', ofBatch: true });

    const table = await test.client.matrices.write({ jobId, format: 'csv' });
    expect(table.trim().split('\r\n')).toHaveLength(7);
    const page = await test.client.matrices.write({ jobId, format: 'html' });
    expect(page.match(/<img /g)).toHaveLength(3 + 3 + 6);
    expect(page).not.toContain('src="http');
    const sheet = await test.client.matrices.sheet({ jobId });
    expect(sheet).toMatchObject({ kind: 'picture', title: 'Three scenes', image: { width: 4 * 258 - 2, height: 4 * 258 - 2 } });
  });

  it('writes texts alone where nothing is drawn, and goes on without a picture that is gone', async () => {
    const gone = 'f'.repeat(64);
    const { id: jobId } = await submit({ draw: null, imageSha256s: [...pictures.slice(0, 2), gone] });
    const { result } = await waitForJob(test.client, jobId);
    expect(result).toMatchObject({ texts: 2, pictures: 0, errors: [{ imageSha256: gone, error: { code: 'not-found' } }] });
    const { cells } = await test.client.matrices.get({ jobId });
    expect(cells.map(({ picture }) => picture)).toEqual([null, null]);
  });

  it('is written by a language model, which is asked once for every two pictures, and goes on without a pair it cannot write', async () => {
    const { listener, heard } = modelServer((response, number) => {
      // The second pair's answers are none, also when they are asked for again.
      const aPlusB = `a model wrote ${number}`;
      writeChat(response, number === 2 || number === 3 ? 'no' : JSON.stringify({ aPlusB, bPlusA: `${aPlusB} too` }));
    });
    const address = `${await serveHttp(listener)}/v1`;
    const request = connectionSchema.parse({ id: 'mine', kind: 'openai-compatible', address, model: 'small' });
    const { consent } = await test.client.connections.add(request);
    const { id: jobId } = await submit({ draw: null, writer: 'mine', language: 'German' });
    const refused = await waitForJob(test.client, jobId);
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'consent-needed' } });
    await test.client.network.allow(consent);
    await test.client.jobs.retry({ jobId });
    const { result } = await waitForJob(test.client, jobId);
    const [first, , third] = pictures;
    expect(result).toMatchObject({
      texts: 4,
      errors: [{ imageSha256: first, with: third, error: { code: 'answer-unreadable' } }],
    });
    // Chance fails the checks, so that every pair is asked for twice.
    expect(heard).toHaveLength(6);
    expect(JSON.stringify(heard[0]?.body)).toContain('in German');
    const { cells } = await test.client.matrices.get({ jobId });
    expect(cells.map(({ object, scene, text }) => [object, scene, text])).toEqual([
      [0, 1, 'a model wrote 1'],
      [1, 0, 'a model wrote 1 too'],
      [1, 2, 'a model wrote 5'],
      [2, 1, 'a model wrote 5 too'],
    ]);
    const item = await test.client.library.get({ itemId: cells[0]?.textId ?? '' });
    const sources = item.kind === 'prompt' ? item.prompt.sources : [];
    expect(sources).toContainEqual(expect.objectContaining({ type: 'language', provider: 'mine', model: 'small' }));
  });

  it('asks for no pair again that had no use of its answers, when it gives way to others and takes up again', async () => {
    let others: Promise<Job> | null = null;
    const other = (): Promise<Job> =>
      test.client.jobs.submit({ kind: 'encode', imageSha256s: [pictures[0] ?? ''], lengths: [5] });
    const { listener, heard } = modelServer((response, number) => {
      const answer = (): void =>
        writeChat(response, number < 2 ? 'no' : JSON.stringify({ aPlusB: `wrote ${number}`, bPlusA: `wrote ${number} too` }));
      // While the first pair is asked again somebody comes who goes first, and so does somebody at the second pair.
      if (number === 1 || number === 3) void (others = other()).then(answer);
      else answer();
    });
    const address = `${await serveHttp(listener)}/v1`;
    const request = connectionSchema.parse({ id: 'paid', kind: 'openai-compatible', address, model: 'small' });
    const { consent } = await test.client.connections.add(request);
    await test.client.network.allow(consent);
    const { id: jobId } = await submit({ writer: 'paid' });
    const { result } = await waitForJob(test.client, jobId);
    expect(others).not.toBeNull();
    expect(heard).toHaveLength(6);
    const [first, second] = pictures;
    expect(result).toMatchObject({
      texts: 4,
      pictures: 4,
      errors: [{ imageSha256: first, with: second, error: { code: 'answer-unreadable' } }],
    });
  });

  it('is only found by a job of its own', async () => {
    const { id } = await test.client.jobs.submit({ kind: 'encode', imageSha256s: [pictures[0] ?? ''], lengths: [5] });
    expect(await readFailure(test.client.matrices.get({ jobId: id }))).toMatchObject({ code: 'not-found' });
  });
});
