import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blendRequestSchema } from '../../contract/texts/blend.ts';
import { writeGguf } from '../helpers/write-gguf.ts';
import { writePackManifest } from '../helpers/write-pack-manifest.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

/** A folder with node-llama-cpp in its node_modules; see test/unit/writers/local-writer.test.ts. */
const installed = process.env['DEDIFFUSION_LLAMA_FOLDER'] ?? '';

/** A pack of one language model in the studio's own folder. */
function addPack(dataFolder: string): void {
  const folder = join(dataFolder, 'packs', 'chance');
  mkdirSync(folder, { recursive: true });
  writeGguf(join(folder, 'chance.gguf'));
  const roles = { writer: { layout: 'gguf' as const, file: 'chance.gguf' } };
  writePackManifest(folder, { id: 'chance', name: 'Chance', summary: 'Writes what chance says.', roles });
}

describe.skipIf(!hasPack)('a pack that writes', { timeout: 240_000 }, () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
    addPack(test.studio.dataFolder);
  });
  afterAll(() => test.close());

  const ask = (writer = 'chance') =>
    test.client.language.ask({ source: { type: 'text', text: 'a red fox' }, question: 'What?', writer });

  it('is chosen by its id, and says how to install what runs it', async () => {
    expect(await readFailure(ask())).toMatchObject({
      code: 'not-found',
      message: 'Models in one file need node-llama-cpp, which is not installed.',
    });
    const blend = async () => {
      const [a, b] = ['a fox', 'a ship at sea'].map((text) => ({ type: 'text' as const, text }));
      const request = blendRequestSchema.parse({ a, b, writer: 'chance' });
      const events: unknown[] = [];
      for await (const event of await test.client.language.blend(request)) events.push(event);
      return events;
    };
    expect(await readFailure(blend())).toMatchObject({ code: 'not-found', details: { library: 'node-llama-cpp' } });
  });

  it.skipIf(installed === '')('answers, or is told to have given no answer that can be read', async () => {
    symlinkSync(join(installed, 'node_modules'), join(test.studio.dataFolder, 'node_modules'), 'junction');
    // What it says is chance, held to the form: now and then it is nothing at all.
    const said = await ask().then(
      ({ by, writer }) => [by, writer],
      (failure: unknown) => failure,
    );
    expect([['model', 'chance'], expect.objectContaining({ code: 'answer-unreadable' })]).toContainEqual(said);
  });

  it('leaves a name that nobody has as it was', async () => {
    expect(await readFailure(ask('nobody'))).toMatchObject({ code: 'not-found' });
  });
});
