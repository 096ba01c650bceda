import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineWork } from '../../../main/engine/engine-work.ts';
import type { EngineGenerateRequest, EngineMessage } from '../../../main/engine/protocol.ts';
import { runGenerate } from '../../../main/engine/run-generate.ts';
import { runEmbed } from '../../../main/engine/scoring/run-embed.ts';
import { runMeasure } from '../../../main/engine/run-measure.ts';
import { runSearch } from '../../../main/engine/scoring/run-search.ts';
import { SessionCache } from '../../../main/engine/memory/session-cache.ts';
import { PictureCaptioner } from '../../../main/image-to-text/picture-captioner.ts';
import { PictureReader } from '../../../main/image/picture-reader.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { measureGraph } from '../../../main/tensor/measure-graph.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../../main/text-to-image/diffusion-pipeline.ts';
import { loadTokenizer } from '../../../main/tokenizer/load-tokenizer.ts';
import { originalPicture as original, tinyGenerate, tinyPackFolder, tinyScorer as scorer } from './tiny-generate.ts';

/** Real sessions that count the rows of each of their runs, by what their graph is of. */
function countRuns(): { work: EngineWork; rowsOf: (component: string) => number[]; events: EngineMessage[] } {
  const runs: { component: string; rows: number }[] = [];
  const sessions = new SessionCache({
    openSession: async (path) => {
      const session = await openOnnxSession(path, { device: 'cpu', threads: 1 });
      const component = basename(path) === 'model.onnx' ? basename(dirname(path)) : basename(path, '.onnx');
      return {
        ...session,
        run: (feeds) => {
          runs.push({ component, rows: Math.max(...Object.values(feeds).map(({ shape }) => shape[0] ?? 0)) });
          return session.run(feeds);
        },
      };
    },
    measure: measureGraph,
    memoryBudgetBytes: 1e12,
    readMemoryBytes: () => 0,
    onChange: () => undefined,
  });
  const events: EngineMessage[] = [];
  const work: EngineWork = {
    requestId: 1,
    sessions,
    pictures: new PictureReader(),
    openPipeline: (folder) => DiffusionPipeline.open(folder, sessions.open),
    openCaptioner: (folder, role) => PictureCaptioner.open(folder, role, sessions.open),
    openTokenizer: loadTokenizer,
    context: quietContext,
    emit: (event) => events.push(event),
  };
  return { work, events, rowsOf: (wanted) => runs.filter(({ component }) => component === wanted).map(({ rows }) => rows) };
}

const ten: EngineGenerateRequest = {
  ...tinyGenerate,
  count: 10,
  steps: 2,
  init: { source: original, strength: 1 },
  fidelity: { scorer, original },
};

describe('a call that draws ten pictures', () => {
  test('encodes its texts and its initial picture once, and embeds the original once', async () => {
    const { work, rowsOf, events } = countRuns();
    await runGenerate(ten, work);
    expect(events.filter(({ type }) => type === 'generated-image')).toHaveLength(10);
    expect(rowsOf('text_encoder')).toEqual([2]);
    expect(rowsOf('vae_encoder')).toEqual([1]);
    expect(rowsOf('vae_decoder')).toEqual([8, 2]);
    expect(rowsOf('vision_model')).toEqual([1, 8, 2]);
  });

  describe('with guidance inside the denoiser', () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'dediffusion-distilled-'));
      cpSync(tinyPackFolder, folder, { recursive: true });
      const decoder = join(folder, 'tiny-stable-diffusion');
      cpSync(join(tinyPackFolder, 'tiny-latent-consistency'), decoder, { recursive: true, force: true });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('hands over each picture when it is drawn, because they are drawn one by one', async () => {
      const { work, rowsOf, events } = countRuns();
      await runGenerate({ ...ten, packFolder: folder, count: 3, previews: true }, work);
      expect(rowsOf('text_encoder')).toEqual([1]);
      expect(rowsOf('unet')).toEqual([1, 1, 1, 1, 1, 1]);
      expect(rowsOf('vision_model')).toEqual([1, 1, 1, 1]);
      const seen = events.flatMap((event) =>
        event.type === 'preview' || event.type === 'generated-image' ? [`${event.type} ${event.imageIndex}`] : [],
      );
      const drawn = [0, 1, 2].flatMap((index) => [`preview ${index}`, `generated-image ${index}`]);
      expect([...new Set(seen)]).toEqual(drawn);
    });
  });
});

describe('a call that measures five texts', () => {
  test('encodes the texts and the negative prompt together, and embeds the original once', async () => {
    const { work, rowsOf, events } = countRuns();
    const { decoder, negative, guidance, scheduler, width, height } = tinyGenerate;
    const prompts = [5, 6, 7, 8, 9].map((id) => ({ tokenIds: [id], tokenWeights: [1] }));
    const drawing = { decoder, negative, guidance, scheduler, width, height, steps: 1 };
    await runMeasure({ packFolder: tinyPackFolder, scorer, original, prompts, seeds: [1, 2], ...drawing }, work);
    expect(events.filter(({ type }) => type === 'measured-picture')).toHaveLength(10);
    expect(rowsOf('text_encoder')).toEqual([6]);
    expect(rowsOf('vision_model')).toEqual([1, 8, 2]);
  });
});

test('a search by likeness runs beside its graph, and tells the host of its growth, each sweep and its text', async () => {
  const { work, events, rowsOf } = countRuns();
  const shortlist = [300, 310, 320, 330];
  const order = { packFolder: tinyPackFolder, scorer };
  await runEmbed({ ...order, images: [original], texts: [], rows: { length: 1, tokenIds: Int32Array.from(shortlist) } }, work);
  const [known] = events.splice(0);
  const picture = known?.type === 'embeddings' ? known.images[0] : null;
  if (known?.type !== 'embeddings' || !picture) throw new Error('no vectors');
  const table = { tokenIds: Int32Array.from(shortlist), width: picture.length, vectors: known.rows };
  const asked = { picture, shortlist, table, length: 6, given: [], aim: 'most' as const, diversity: 0.1, seed: 1 };
  await runSearch({ ...order, order: asked, earlier: null }, work);
  const found = events.at(-1);
  expect(found).toMatchObject({ type: 'found-text', text: { tokenIds: expect.objectContaining({ length: 6 }) as unknown } });
  const states = events.flatMap((event) => (event.type === 'search-state' ? [event.state.sweeps] : []));
  expect(states[0]).toBe(0);
  expect(states.at(-1)).toBe(3);
  // A run for each place that is grown, and for each place of each sweep.
  const runs = rowsOf('text_model').length - 1;
  expect(runs).toBe(6 + 6 * (states.length - 1));
});
