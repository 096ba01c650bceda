import { expect } from 'vitest';
import { blendRequestSchema } from '../../contract/texts/blend.ts';
import { connectionSchema } from '../../contract/outside/connection.ts';
import type { StudioClient } from '../../contract/methods.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { makePicture } from './make-picture.ts';
import { PACK_ID } from './open-test-studio.ts';
import type { ServedStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

/** What is said about texts, and the language models and templates that say it, over HTTP as in process. `same` asks both. */
export async function compareLanguage(
  test: ServedStudio,
  text: PromptDocument,
  same: <Answer>(ask: (client: StudioClient) => Promise<Answer>) => Promise<Answer>,
): Promise<void> {
  const { client: far, studio } = test;
  const near = studio.client;
  const say = (words: string) => ({ type: 'text' as const, text: words });
  const [a, b, c] = [say('a fox on a road'), say('a deer in snow'), say('a ship')];
  const readBlend = async (client: StudioClient): Promise<string[]> => {
    const texts: string[] = [];
    for await (const event of await client.language.blend(blendRequestSchema.parse({ a, b })))
      if (event.type === 'done') texts.push(event.blend.aPlusB.text, event.blend.bPlusA.text);
    return texts;
  };
  expect(await same(readBlend)).toEqual(['a fox in snow', 'a deer on a road']);
  const several = await far.language.blendSeveral({ sources: [a, b, c] });
  expect(several.blends[2]).toMatchObject({ objects: [2], scene: 0, look: 1 });
  await same((client) => client.language.check({ a, b, text: 'a fox in snow', objectOf: 'a' }));
  await same((client) => readFailure(client.language.mix({ a: text, b: text, share: 0.5 })));
  const questions = [{ answer: 'a fox', answers: ['fox', 'dog'], questionType: null, answerType: null }];
  await same((client) => client.evaluation.answers({ questions }));
  const { sha256 } = (await test.studio.addImage(await makePicture(64, { r: 9, g: 90, b: 160 }))).image;
  await same((client) => client.evaluation.pictures({ pairs: [{ original: sha256, drawn: sha256 }] }));
  const jobId = text.id;
  await same((client) => readFailure(client.matrices.get({ jobId })));
  await same((client) => readFailure(client.matrices.write({ jobId, format: 'csv' })));
  await same((client) => readFailure(client.matrices.sheet({ jobId })));
  await same((client) => client.language.hints({ document: text }));
  const words = ['Fox', 'and', 'forest', 'sphoto'];
  const groups = await same((client) => client.language.groups({ packId: PACK_ID, words }));
  expect(groups).toEqual(['subject', 'none', 'background', null]);
  await same((client) => client.language.polish({ way: 'shorten', document: text, limit: 3 }));
  const source = { type: 'document' as const, document: text };
  expect(await same((client) => client.language.ask({ source, question: 'What?' }))).toMatchObject({ answer: 'fox' });
  const nowhere = { id: 'mine', kind: 'openai-compatible', address: 'http://127.0.0.1:9/v1', model: 'small' };
  const added = await far.connections.add(connectionSchema.parse(nowhere));
  expect(await same((client) => client.connections.list())).toEqual([added]);
  expect(await readFailure(far.connections.test({ id: 'mine' }))).toMatchObject({ code: 'consent-needed' });
  expect(await far.connections.remove({ id: 'mine' })).toEqual([]);
  await same((client) => readFailure(client.connections.abilities({ id: 'nobody' })));
  await same((client) => client.connections.discover());
  const saved = await far.templates.save({ id: 'mine', name: 'Mine', system: 'Mix.', examples: [] });
  expect(await same((client) => client.templates.list())).toContainEqual(saved);
  expect(await far.templates.remove({ id: 'mine' })).toEqual(await near.templates.list());
}
