import { expect, test } from 'vitest';
import { schedulerNameSchema } from '../../../contract/recipe.ts';
import type { LocalRecipe } from '../../../contract/recipe.ts';
import { composeA1111, composeComfyui, withoutMachine } from '../../../main/metadata/compose-texts.ts';
import { readA1111 } from '../../../main/metadata/readers/read-a1111.ts';
import { readComfyui } from '../../../main/metadata/readers/read-comfyui.ts';
import { toolRecipe } from '../../helpers/tool-recipe.ts';

const recipe: LocalRecipe = {
  ...{ schemaVersion: 7, kind: 'local', pack: { id: 'foxes', version: '1.0.0', manifestSha256: 'a'.repeat(64) } },
  ...{ tokenIds: [1], tokenWeights: [1], text: 'a fox', negative: 'dog', steps: 12, guidance: 3.5, seed: 9007199254740991 },
  ...{
    scheduler: 'euler',
    width: 512,
    height: 768,
    init: null,
    device: 'cpu',
    versions: { studio: '0.9.0', onnxruntime: '1.30.0' },
  },
};
const texts = { prompt: 'a (fox:1.2)', negative: 'dog' };

test.each(schedulerNameSchema.options)('%s is written so that it is read again', (scheduler) => {
  const found = {
    prompt: texts.prompt,
    negative: 'dog',
    seed: '9007199254740991',
    steps: 12,
    guidance: 3.5,
    width: 512,
    height: 768,
  };
  const isFlow = scheduler === 'flow-match-euler';
  expect(readA1111(composeA1111({ ...recipe, scheduler }, texts))).toMatchObject({
    ...found,
    scheduler: isFlow ? 'euler' : scheduler,
    model: 'foxes',
  });
  const graph = composeComfyui({ ...recipe, scheduler }, texts);
  if (graph === null) expect(['pndm', 'tcd']).toContain(scheduler);
  else expect(readComfyui({ prompt: graph })).toMatchObject({ ...found, scheduler: isFlow ? 'euler' : scheduler });
});

test('a prompt of several values and signs does not break the block', () => {
  const block = composeA1111(
    { ...recipe, pack: { ...recipe.pack, id: 'a, b: "c"' } },
    { prompt: 'a: b, c: d, e: f', negative: '' },
  );
  expect(readA1111(block)).toMatchObject({ prompt: 'a: b, c: d, e: f', negative: '', model: 'a, b: "c"' });
});

test('a second prompt is written as SDXL takes two, and read again', () => {
  const graph = composeComfyui({ ...recipe, secondPrompt: 'an etching' }, { ...texts, secondPrompt: 'an etching' });
  expect(JSON.parse(graph ?? '')).toMatchObject({ 6: { class_type: 'CLIPTextEncodeSDXL', inputs: { text_g: 'an etching' } } });
  expect(readComfyui({ prompt: graph ?? '' })).toMatchObject({
    prompt: texts.prompt,
    secondPrompt: 'an etching',
    negative: 'dog',
  });
});

test('a flow with a second prompt is not written as SDXL', () => {
  const graph = composeComfyui({ ...recipe, scheduler: 'flow-match-euler' }, { ...texts, secondPrompt: 'an etching' });
  expect(graph).toContain('"CLIPTextEncode"');
});

test('of a picture that another program drew, nothing of the machine goes along', () => {
  const written = withoutMachine({ ...toolRecipe, host: '192.168.1.20:8188', answer: { path: '/home/eve/out.png' } });
  expect(JSON.stringify(written)).not.toMatch(/192\.168|eve/);
  expect(composeComfyui({ ...recipe, init: { imageSha256: 'b'.repeat(64), strength: 0.5 } }, texts)).toBeNull();
});
