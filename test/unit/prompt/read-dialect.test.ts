import { beforeAll, describe, expect, it, test } from 'vitest';
import { findDialects } from '../../../contract/texts/dialect.ts';
import type { PromptDialect } from '../../../contract/texts/dialect.ts';
import { dialectReadingSchema } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { exportPrompt } from '../../../main/prompt/export-prompt.ts';
import { readDialect } from '../../../main/prompt/read-dialect.ts';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { repeatableRandom } from '../../helpers/repeatable-random.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});

const weightsOf = (document: PromptDocument): (readonly [string, number])[] =>
  renderPrompt(document).words.map(({ text, slotIndices }) => [text, document.slots[slotIndices[0] ?? -1]?.weight ?? 1]);
/** Words of another weight than 1, and the whole text. */
function read(text: string, dialect: PromptDialect) {
  const result = readDialect(text, dialect, { id: 'd', packId: 'p' }, clip);
  expect(dialectReadingSchema.parse(result)).toEqual(result);
  const weighed = Object.fromEntries(weightsOf(result.document).filter(([, weight]) => weight !== 1));
  return { text: renderPrompt(result.document).text, weighed, ...result };
}

describe('the web UI', () => {
  it.each([
    ['a (red:1.3) fox', 'a red fox', { red: 1.3 }],
    ['a ((red)) [fox]', 'a red fox', { red: 1.21, fox: 0.91 }],
    ['((a:1.2) b:1.5)', 'a b', { a: 1.8, b: 1.5 }],
    ['(a b', 'a b', { a: 1.1, b: 1.1 }],
    ['a \\(b\\) \\[c\\] d\\\\', 'a (b) [c] d\\', {}],
    ['a) b]', 'a) b]', {}],
    ['(huge:9) cat', 'huge cat', { huge: 2 }],
    ['un(believ:1.4)able cat', 'unbelievable cat', { unbelievable: 1.4 }],
    ['a ＃1 fox', 'a #1 fox', {}],
  ])('reads %j', (text, words, weighed) => {
    expect(read(text, 'a1111')).toMatchObject({ text: words, weighed });
  });

  it('keeps what it does not have as notes', () => {
    const { text, notes } = read('fox <lora:winter:0.8> BREAK snow AND (hare:1.2) [cat:dog:0.5] [a|b] # no', 'a1111');
    expect(text).toBe('fox snow hare cat a');
    expect(notes.join('\n')).toMatch(/<lora:winter:0.8>[^]*# no[^]*BREAK[^]*\[cat:dog:0.5\][^]*\[a\|b\][^]*AND/);
  });

  it('weighs a part behind AND', () => {
    expect(read('fox AND hare :0.5', 'a1111')).toMatchObject({ text: 'fox hare', weighed: { hare: 0.5 } });
  });

  it('reads the whole block', () => {
    const block =
      'a (fox:1.2)\nNegative prompt: (blur:1.3), text\nSteps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 42, Size: 512x768, Model: foxes';
    const { text, negative, settings, notes } = read(block, 'a1111');
    expect({ text, negative, settings }).toEqual({
      text: 'a fox',
      negative: 'blur, text',
      settings: { seed: 42, steps: 20, guidance: 7.5, width: 512, height: 768, scheduler: 'euler-ancestral' },
    });
    expect(notes.join('\n')).toMatch(/Weights of what is not wanted[^]*foxes/);
    const odd = read('fox\nSteps: 900, Sampler: Restart, CFG scale: 7, Seed: 1', 'a1111');
    expect(odd.settings).toEqual({ seed: 1, guidance: 7 });
    expect(odd.notes.join('\n')).toMatch(/no sampler Restart[^]*no steps of 900/);
  });
});

describe('ComfyUI and Fooocus', () => {
  it.each([
    ['((a:1.2) b:1.5)', { a: 1.2, b: 1.5 }],
    ['((a) b:1.5)', { a: 1.65, b: 1.5 }],
    ['[a] (b)', { b: 1.1 }],
    ['(a \\(b\\):1.3)', { a: 1.3, '(b)': 1.3 }],
    ['(a b', {}],
  ])('read %j', (text, weighed) => {
    expect(read(text, 'comfyui').weighed).toEqual(weighed);
    expect(read(text, 'fooocus').weighed).toEqual(weighed);
  });

  it('keep what they load, and chances, as notes', () => {
    expect(read('a {red|blue} fox, embedding:bad // no', 'comfyui')).toMatchObject({ text: 'a red fox,' });
    expect(read('a [[red, blue]] fox __place__ <lora:x:1>', 'fooocus')).toMatchObject({ text: 'a red fox' });
    expect(read('a {red|blue} fox, embedding:bad // no', 'comfyui').notes).toHaveLength(3);
    expect(read('a {embedding:bad|blue} fox', 'comfyui').text).toBe('a fox');
    for (const dialect of ['comfyui', 'fooocus'] as const) {
      expect(read('a (embedding:bad:1.2) fox', dialect).text).toBe('a fox');
      expect(read('a fox,embedding:bad', dialect)).toMatchObject({ text: 'a fox,embedding:bad', notes: [] });
    }
    expect(read('a [[red, blue]] fox __place__ <lora:x:1>', 'fooocus').notes).toHaveLength(3);
  });
});

describe('InvokeAI', () => {
  it.each([
    ['a fox++ in snow-', { fox: 1.21, snow: 0.9 }],
    ['(a fox)1.3 in snow', { a: 1.3, fox: 1.3 }],
    ['(a fox+)++ in', { a: 1.21, fox: 1.33 }],
    ['well-known \\(fox\\) - 2', {}],
  ])('reads %j', (text, weighed) => {
    expect(read(text, 'invokeai').weighed).toEqual(weighed);
  });

  it('keeps embeddings and mixtures as notes', () => {
    const { text, notes } = read('a cat.swap(dog) with <bad>', 'invokeai');
    expect(text).toBe('a cat with');
    expect(notes).toHaveLength(2);
  });
});

describe('Midjourney', () => {
  it('reads every --no', () => {
    expect(read('a fox --no dog --v 7 --no text, blur', 'midjourney').negative).toBe('dog, text, blur');
  });

  it('reads weights, parameters and what is not wanted', () => {
    const { text, weighed, negative, settings, notes } = read(
      'https://x.y/a.png hot dog::1.5 in snow::-0.5 at dawn --no text, blur --ar 16:9 --seed 7 --v 6.1 —s 250',
      'midjourney',
    );
    expect({ text, weighed, negative, settings }).toEqual({
      text: 'hot dog at dawn',
      weighed: { hot: 1.5, dog: 1.5 },
      negative: 'text, blur, in snow',
      settings: { seed: 7 },
    });
    expect(notes.join('\n')).toMatch(/a\.png[^]*16:9/);
    expect(notes.join('\n')).toMatch(/--v 6\.1[^]*--s 250/);
  });
});

/** Words that mean nothing to any tool, and for each tool those it escapes without a loss. */
const plain = ['fox', 'snow,', 'well-known', '16:9', 'Hello!', 'a', 'café', '狐', '“one”', '8k', 'x_y', "don't", '🦊'];
const escaped: Readonly<Record<string, readonly string[]>> = {
  a1111: ['(red)', '[blue]', 'back\\slash', ':)', '#1', ')(', '[['],
  comfyui: ['(red)', '{blue}', 'a|b', '[c]', ':)', '#1', '))'],
  fooocus: ['(red)', '{blue}', ':)', '#1', '[c]'],
  invokeai: ['(red)', '[blue]', ':)', '#1', ')('],
  midjourney: ['(red)', '[blue]', ':)', '#1'],
};

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** A document of random words, of which the first has no weight of its own: weights are shares of the whole in Midjourney. */
function randomDocument(random: () => number, words: readonly string[], weights: readonly number[]): PromptDocument {
  const chosen = ['a', ...Array.from({ length: 1 + Math.floor(random() * 9) }, () => pick(random, words)), 'end'];
  const fresh = createPrompt({ id: 'd', packId: 'p', text: chosen.join(' ') }, clip);
  const slots = [...fresh.slots];
  for (const [index, { slotIndices }] of renderPrompt(fresh).words.entries()) {
    const weight = index === 0 ? 1 : pick(random, weights);
    for (const at of slotIndices) slots[at] = { ...fresh.slots[at], weight } as (typeof slots)[number];
  }
  return { ...fresh, slots };
}

/** Plain texts and those of SDXL's pipelines carry no weights. */
const withoutWeights: readonly PromptDialect[] = ['plain', 'sdxl'];

test.each([...withoutWeights, ...Object.keys(escaped)] as PromptDialect[])(
  'what is written for %s is the same document when it is read',
  (dialect) => {
    const random = repeatableRandom();
    const weights = withoutWeights.includes(dialect) ? [1] : [1, 1, 0.5, 0.85, 1.05, 1.3, 2];
    for (let round = 0; round < 120; round += 1) {
      const document = randomDocument(random, [...plain, ...(escaped[dialect] ?? [])], weights);
      const { text } = exportPrompt(document, dialect, {}, clip);
      const again = readDialect(text, dialect, { id: 'd', packId: 'p' }, clip).document;
      expect([text, ...weightsOf(again)]).toEqual([text, ...weightsOf(document)]);
      expect(again.slots.map(({ tokenId }) => tokenId)).toEqual(document.slots.map(({ tokenId }) => tokenId));
      const { text: twice } = exportPrompt(again, dialect, {}, clip);
      expect(twice).toBe(text);
    }
  },
);

/** Signs that some tool takes for something, in any order and without a space between them. */
const signs = [
  ...`( ) [ ] { } < > : | \\ / # - + * _ , . & " ' @ % ~ ^ = ; ! ? — – 1 5 a b`.split(' '),
  ...[' ', '--', '::', '\\\\', 'AND', 'BREAK', '++', 'embedding:', 'https://', '<lora:x:1>'],
];

test.each([...withoutWeights, ...Object.keys(escaped)] as PromptDialect[])(
  'whatever signs stand in a text, %s reads the same words without a weight, or a note says what was changed',
  (dialect) => {
    const random = repeatableRandom();
    const always = exportPrompt(createPrompt({ id: 'd', packId: 'p', text: 'fox' }, clip), dialect, {}, clip).notes;
    for (let round = 0; round < 600; round += 1) {
      const some = Array.from({ length: 1 + Math.floor(random() * 9) }, () => pick(random, signs)).join('');
      const document = createPrompt({ id: 'd', packId: 'p', text: `a ${some} end` }, clip);
      const { text, notes } = exportPrompt(document, dialect, {}, clip);
      if (notes.length > always.length) continue;
      const again = readDialect(text, dialect, { id: 'd', packId: 'p' }, clip).document;
      expect([text, ...weightsOf(again)]).toEqual([text, ...weightsOf(document)]);
    }
  },
);

test.each(['a1111', 'midjourney'] as const)('what %s takes beside the words is the same when it is read', (dialect) => {
  const random = repeatableRandom();
  for (let round = 0; round < 60; round += 1) {
    const document = randomDocument(random, plain, [1, 1.3]);
    const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      pick(random, ['blur', 'a dog', 'well-known', 'café']),
    );
    const negative = parts.join(', ');
    const seed = Math.floor(random() * 4_294_967_295);
    const drawing = dialect === 'a1111' ? { steps: 1 + Math.floor(random() * 150), guidance: Math.floor(random() * 60) / 2 } : {};
    const version = dialect === 'midjourney' ? { midjourneyVersion: pick(random, ['6.1', 'niji 6'] as const) } : {};
    const { text } = exportPrompt(document, dialect, { negative, seed, ...drawing, ...version }, clip);
    const again = readDialect(text, dialect, { id: 'd', packId: 'p' }, clip);
    expect([text, weightsOf(again.document)]).toEqual([text, weightsOf(document)]);
    expect([text, again.negative, again.settings]).toEqual([text, negative, { seed, ...drawing }]);
  }
});

test('any text is read by every dialect, in time in proportion', () => {
  const hostile = [
    '('.repeat(20_000),
    '((a'.repeat(8_000),
    '(a:1.1)'.repeat(4_000),
    '['.repeat(20_000),
    '{'.repeat(20_000),
    '+'.repeat(20_000),
    '\\'.repeat(20_000),
    '<a:'.repeat(8_000),
    '-- --'.repeat(5_000),
    'a:: '.repeat(4_000),
    '\ud800',
    '__'.repeat(10_000),
    ':1)'.repeat(9_000),
  ];
  const dialects: PromptDialect[] = ['plain', 'midjourney', 'sdxl', 'a1111', 'comfyui', 'invokeai', 'fooocus'];
  for (const text of hostile) {
    findDialects(text);
    for (const dialect of dialects) {
      const startedMs = performance.now();
      try {
        readDialect(text, dialect, { id: 'd', packId: 'p' }, clip);
      } catch (error) {
        expect(error).toMatchObject({ code: 'prompt-too-long' });
      }
      expect(performance.now() - startedMs, `${dialect}: ${text.slice(0, 8)}`).toBeLessThan(4_000);
    }
  }
});

test.each([
  ['a red fox in snow, 2 owls (one white) and a well-known Android: at 16:9', []],
  ['a fox --ar 16:9', ['midjourney']],
  ['hot::2 dog', ['midjourney']],
  ['a (red:1.3) fox', ['a1111', 'comfyui']],
  ['a fox++ in snow', ['invokeai']],
  ['a fox <lora:x:1>', ['a1111', 'fooocus']],
  ['fox\nSteps: 20, Sampler: Euler', ['a1111']],
  ['a fox, embedding:bad', ['comfyui']],
] as const)('the signs of %j', (text, dialects) => {
  expect(findDialects(text)).toEqual(dialects);
});
