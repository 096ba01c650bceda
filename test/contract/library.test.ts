import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LibrarySimilar } from '../../contract/library.ts';
import { makePicture } from './make-picture.ts';
import { PACK_ID, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

describe('the library', () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  const library = () => test.client.library;

  /** Asks until every picture has been looked at, as the page does. */
  const ask = async (query: Parameters<ReturnType<typeof library>['similar']>[0]): Promise<LibrarySimilar> => {
    for (;;) {
      const answer = await library().similar(query);
      if (answer.seen === answer.total) return answer;
    }
  };

  it('keeps boards, and tells of every change', async () => {
    const stop = new AbortController();
    const events = await test.client.studio.events(undefined, { signal: stop.signal });
    await events.next();
    const board = await library().createBoard({ name: '  Harbours ' });
    expect(board).toMatchObject({ name: 'Harbours', items: 0 });
    for (;;) {
      const event = await events.next();
      if (event.done === true) throw new Error('the stream ended');
      if (event.value.type === 'library-changed') break;
    }
    stop.abort();
    const item = await test.studio.addImage(await makePicture(32, { r: 1, g: 2, b: 3 }), { title: 'a harbour' });
    const changed = await library().updateMany({ itemIds: [item.id], change: { addToBoard: board.id, starred: true } });
    expect(changed).toEqual({ itemIds: [item.id] });
    expect((await library().rows({ boardId: board.id })).rows).toMatchObject([{ id: item.id, starred: true }]);
    expect((await library().query({ boardId: board.id })).items).toMatchObject([{ boards: [board.id] }]);
    expect(await library().updateBoard({ boardId: board.id, deleted: true })).toMatchObject({ items: 1 });
    expect((await library().overview()).boards).toEqual([]);
    await library().updateBoard({ boardId: board.id, deleted: false });
    expect((await library().overview()).boards).toEqual([{ ...board, items: 1 }]);
    expect(await readFailure(library().createBoard({ name: ' ' }))).toMatchObject({ code: 'bad-request' });
  });

  it('deletes for good only what lies in the trash', async () => {
    const item = await test.studio.addImage(await makePicture(32, { r: 9, g: 9, b: 9 }), { title: 'to be deleted' });
    expect(await readFailure(library().deleteForGood({ itemIds: [item.id] }))).toMatchObject({ code: 'bad-request' });
    await library().updateMany({ itemIds: [item.id], change: { trashed: true } });
    expect((await library().overview()).trashed).toBe(1);
    expect(await library().emptyTrash()).toEqual({ itemIds: [item.id] });
    expect(await readFailure(library().get({ itemId: item.id }))).toMatchObject({ code: 'not-found' });
    expect(await readFailure(test.client.images.info({ sha256: item.image.sha256 }))).toMatchObject({ code: 'not-found' });
  });

  it('finds pictures like a picture, and like words', async () => {
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    for (const { file } of samples) await test.client.images.addSample({ packId: PACK_ID, file });
    const { rows: added } = await library().rows({ kinds: ['picture'], text: samples[0]?.title ?? '' });
    const [first] = added;
    if (first?.image === undefined || first.image === null) throw new Error('The pack has samples.');
    const bytes = await test.studio.readImage(first.image.sha256);
    const copy = await test.studio.addImage(await sharp(bytes).jpeg({ quality: 92 }).toBuffer(), { title: 'a copy' });

    const like = await ask({ like: { type: 'item', itemId: copy.id } });
    expect(like.rows[0]).toMatchObject({ id: first.id });
    expect(like.rows[0]?.score).toBeGreaterThan(0.9);
    expect(like.rows.map(({ id }) => id)).not.toContain(copy.id);
    expect(like.rows.map(({ score }) => score)).toEqual(like.rows.map(({ score }) => score).sort((a, b) => b - a));

    const byBytes = await ask({ like: { type: 'image', sha256: first.image.sha256 }, limit: 2 });
    expect(byBytes.rows.map(({ id }) => id).sort()).toEqual([first.id, copy.id].sort());
    expect(byBytes.total).toBe(like.total);

    const words = await ask({ like: { type: 'text', text: first.title } });
    expect(words.rows).toHaveLength(words.total);
    const none = await ask({ like: { type: 'text', text: first.title }, kinds: ['generation'] });
    expect(none).toEqual({ rows: [], seen: 0, total: 0 });
    expect(await readFailure(library().similar({ like: { type: 'item', itemId: 'gone' } }))).toMatchObject({ code: 'not-found' });
    expect(await readFailure(library().similar({ like: { type: 'text', text: 'x' }, scorerPackId: 'none' }))).toMatchObject({
      code: 'pack-not-found',
    });
  });

  it('finds texts like a text, a sentence and a picture', async () => {
    const words = [
      'a red fox in the snow',
      'a fox, red fur, snowy forest',
      'a bowl of lemons on a table',
      'sailing boats at sea',
    ];
    const texts = [];
    for (const text of words) {
      const document = await test.client.prompts.create({ packId: PACK_ID, text });
      texts.push(await test.client.prompts.save({ document }));
    }
    const [fox, secondFox, lemons] = texts.map(({ id }) => id);
    if (fox === undefined) throw new Error('Texts were written.');
    const like = await ask({ like: { type: 'item', itemId: fox }, kinds: ['prompt'] });
    expect(like.rows.every(({ kind }) => kind === 'prompt')).toBe(true);
    expect(like.rows.map(({ id }) => id)).not.toContain(fox);
    expect(like.rows[0]).toMatchObject({ id: secondFox });
    expect(like.rows).toHaveLength(like.total - 1);
    const sentence = await ask({ like: { type: 'text', text: 'lemons on the table, a bowl' }, kinds: ['prompt'] });
    expect(sentence.rows[0]).toMatchObject({ id: lemons });
    const { rows: pictures } = await library().rows({ kinds: ['picture'] });
    const toPicture = await ask({ like: { type: 'image', sha256: pictures[0]?.image?.sha256 ?? '' }, kinds: ['prompt'] });
    expect(toPicture.rows).toHaveLength(like.total);
    const both = await ask({ like: { type: 'item', itemId: fox }, kinds: ['prompt', 'picture'] });
    expect(both.rows.every(({ kind }) => kind === 'picture')).toBe(true);
  });
});
