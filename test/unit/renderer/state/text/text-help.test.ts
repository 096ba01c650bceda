import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSchema } from '../../../../../contract/outside/connection.ts';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { modelServer, writeChat } from '../../../../helpers/model-server.ts';
import { serveHttp } from '../../../network/local-servers.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

async function openText(text: string): Promise<Page> {
  const page = await bench.startPage();
  page.editing.type(text);
  await page.editing.settle();
  return page;
}

describe('asking a picture', () => {
  it('tells the answer and the words it rests on, until the text is another', async () => {
    const { asking, work, editing } = await openText('two red cats on a road');
    asking.question = 'How many cats are there?';
    await asking.ask('answer');
    expect(asking.answered?.answer).toMatchObject({ answer: '2', isTold: true });
    const texts = asking.evidenceIds.map((id) => work.document?.slots.find((slot) => slot.id === id)?.text);
    expect(texts.join('')).toBe('twocats');
    editing.type('three red cats on a road');
    await editing.settle();
    expect(asking.isOld).toBe(true);
    expect(asking.evidenceIds).toEqual([]);
  });

  it('says so when the text does not tell', async () => {
    const { asking } = await openText('a red cat on a road');
    asking.question = 'Is there a dog?';
    await asking.ask('answer');
    expect(asking.answered?.answer.isTold).toBe(false);
  });

  it('makes words of an answer in one step', async () => {
    const { asking, work } = await openText('a red robot on a road, oil painting');
    await asking.ask('tags');
    expect(asking.answered?.answer.answer.split(', ')).toContain('robot');
    await asking.takeAsWords();
    expect(work.text.startsWith('a red robot on a road, oil painting ')).toBe(true);
    work.undo();
    expect(work.text).toBe('a red robot on a road, oil painting');
  });
});

describe('asking through a language model', () => {
  /** @returns the yes that it still needs */
  async function connect(listener: Parameters<typeof serveHttp>[0]) {
    const address = `${await serveHttp(listener)}/v1`;
    const connection = { id: 'helper', kind: 'openai-compatible', address, model: 'small' };
    return (await bench.core.client.connections.add(connectionSchema.parse(connection))).consent;
  }

  it('waits for the yes, shows the words the answer rests on, and says who gave it', async () => {
    const { listener, heard } = modelServer((response) =>
      writeChat(response, JSON.stringify({ answer: 'on a road', words: ['road'] })),
    );
    const consent = await connect(listener);
    const { asking, work } = await openText('a red cat on a road');
    asking.question = 'Where is the cat?';
    asking.writer = 'helper';
    asking.shots = 2;
    await asking.ask('answer');
    expect(asking.error?.code).toBe('consent-needed');
    expect(heard).toEqual([]);

    await bench.core.client.network.allow(consent);
    await asking.ask('answer');
    expect(asking.answered?.answer).toMatchObject({ answer: 'on a road', isTold: true, by: 'model', writer: 'helper' });
    const texts = asking.evidenceIds.map((id) => work.document?.slots.find((slot) => slot.id === id)?.text);
    expect(texts.join('')).toBe('road');
    // What the model is, two questions with their answers, and the one that is meant.
    expect(heard[0]?.body['messages']).toHaveLength(1 + 2 * 2 + 1);
    expect(JSON.stringify(heard[0]?.body)).toContain('Answer in English');
    asking.language = 'German ';
    await asking.ask('answer');
    expect(JSON.stringify(heard[1]?.body)).toContain('Answer in German,');
  });

  it('takes a question back, and rules answer the next one', async () => {
    let leftAlone = false;
    const { listener, heard } = modelServer((response) => response.once('close', () => (leftAlone = true)));
    await bench.core.client.network.allow(await connect(listener));
    const { asking } = await openText('a red cat on a road');
    asking.writer = 'helper';
    const caption = asking.ask('caption');
    await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(1);
    asking.cancel();
    expect(asking.busy).toBe(false);
    await caption;
    await expect.poll(() => leftAlone, { timeout: 30_000 }).toBe(true);
    expect([asking.error, asking.answered]).toEqual([null, null]);
    asking.writer = 'builtin';
    await asking.ask('caption');
    expect(asking.answered?.answer.by).toBe('rules');
  });
});

describe('hints', () => {
  it('name words to look at; one is replaced in one step, another left', async () => {
    const { hints, work } = await openText('a beyonce portrait with text');
    await hints.look(work.document, false);
    expect(hints.open.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['person beyonce', 'writing text']);
    const [name, writing] = hints.open;
    if (name === undefined || writing === undefined) throw new Error('Two hints.');
    await hints.replace(name);
    expect(work.text).not.toContain('beyonce');
    expect(work.text).not.toContain('a a ');
    expect(hints.open.map(({ text }) => text)).toEqual(['text']);
    hints.leave(writing);
    expect(hints.open).toEqual([]);
    work.undo();
    expect(work.text).toBe('a beyonce portrait with text');
  });

  it('put one plain word in place of both words of a name, and keep one article', async () => {
    const { hints, work } = await openText('a cap of the capcom alliance, and a mario');
    await hints.look(work.document, false);
    const [two] = hints.open;
    if (two?.neutral == null) throw new Error('A name of two words has a plain one.');
    expect(hints.open.map(({ kind }) => kind)).toEqual(['work', 'work']);
    await hints.replace(two);
    expect(work.text.replaceAll(' ,', ',')).toBe(`a cap of the ${two.neutral.replace(/^an? /, '')}, and a mario`);
    expect(hints.open.map(({ text }) => text)).toEqual(['mario']);
    work.undo();
    expect(work.text).toBe('a cap of the capcom alliance, and a mario');
  });
});

describe('polishing', () => {
  it('lays a shorter text beside the open one, and takes it after a yes', async () => {
    const { polishing, work } = await openText('a red red fox fox in snow under the sky');
    await polishing.run((document) => ({ way: 'shorten', document, limit: 4 }));
    expect(work.text).toBe('a red red fox fox in snow under the sky');
    expect(polishing.proposed?.polished.document.slots.length).toBe(4);
    polishing.accept();
    expect(work.document?.slots).toHaveLength(4);
    expect(work.text).toContain('fox');
    work.undo();
    expect(work.text).toBe('a red red fox fox in snow under the sky');
  });

  it('by a writer who is not there is told, and nothing changes', async () => {
    const { polishing, work } = await openText('a red fox');
    await polishing.run((document) => ({ way: 'fluent', document, writer: 'nobody', language: 'English', limit: 75 }));
    expect(polishing.error?.code).toBe('not-found');
    expect(work.text).toBe('a red fox');
  });
});
