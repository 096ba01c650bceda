import { beforeAll, describe, expect, it } from 'vitest';
import { exportedPromptSchema } from '../../../contract/texts/prompt.ts';
import type { ExportOptions, ExportTarget, MidjourneyVersion } from '../../../contract/texts/prompt.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { exportPrompt } from '../../../main/prompt/export-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});

/** Exports a text typed by hand, with weights given to whole words. */
function exported(text: string, target: ExportTarget, options: ExportOptions = {}, weights: Record<string, number> = {}) {
  const document = createPrompt({ id: 'd', packId: 'p', text }, clip);
  const slots = document.slots.map((slot) => ({ ...slot, weight: weights[slot.text] ?? 1 }));
  const result = exportPrompt({ ...document, slots }, target, options, clip);
  expect(exportedPromptSchema.parse(result)).toEqual(result);
  return result;
}
const everything: ExportOptions = { aspect: '16:9', negative: 'blur, text', seed: 42, steps: 20, guidance: 3 };

describe('plain', () => {
  it('is the running text, with what it cannot carry in notes', () => {
    const result = exported('a red fox', 'plain', everything, { red: 1.3 });
    expect(result.text).toBe('a red fox');
    expect(result.notes.join('\n')).toMatch(/weights[\s\S]*blur, text[\s\S]*steps 20, guidance 3, seed 42[\s\S]*16:9/);
    expect(exported('a red fox', 'plain').notes).toEqual([]);
  });
});

describe('midjourney', () => {
  it('writes parameters after the text', () => {
    const result = exported('a red fox', 'midjourney', everything);
    expect(result.text).toBe('a red fox --ar 16:9 --no blur, text --seed 42');
    expect(result.notes).toHaveLength(2);
  });

  it('writes weights, with the version that reads them', () => {
    const result = exported('a red fox in snow', 'midjourney', { aspect: '3:2' }, { red: 1.5, fox: 1.5 });
    expect(result.text).toBe('a::1 red fox::1.5 in snow::1 --v 6.1 --ar 3:2');
    const even = exported('a fox', 'midjourney', {}, { a: 1.2, fox: 1.2 });
    expect(even.text).toBe('a fox');
    expect(even.notes).toEqual([expect.stringContaining('all words have the same')]);
    expect(exported('a fox', 'midjourney').notes).toEqual([]);
    expect(exported('a red fox', 'midjourney', {}, { red: 0 }).text).toBe('a fox');
  });

  it('writes for the version that is asked for', () => {
    const weights = { red: 1.5, fox: 1.5 };
    const written = (midjourneyVersion: MidjourneyVersion) => exported('a red fox', 'midjourney', { midjourneyVersion }, weights);
    expect(written('6.1')).toMatchObject({ text: 'a::1 red fox::1.5 --v 6.1', notes: [] });
    expect(written('niji 6').text).toBe('a::1 red fox::1.5 --niji 6');
    expect(written('7').text).toBe('a red fox --v 7');
    expect(written('7').notes.join()).toContain('reads no weights');
    expect(exported('a fox', 'midjourney', { midjourneyVersion: '8.1', aspect: '3:2' }).text).toBe('a fox --v 8.1 --ar 3:2');
    const unwanted = (midjourneyVersion: MidjourneyVersion) =>
      exported('a fox', 'midjourney', { midjourneyVersion, negative: 'dog' });
    expect(unwanted('8.1')).toMatchObject({ text: 'a fox --v 8.1 --no dog', notes: [expect.stringContaining('--no')] });
    expect(unwanted('7').notes).toEqual([]);
    expect(exported('a fox '.repeat(1400), 'midjourney').notes.join()).toContain('8192');
  });

  it.each([
    '--ar 1:99 a cat',
    'a cat --seed 5',
    'a cat —no dogs',
    'a cat ---v 5',
    'a cat -\u2013v 5',
    'a\u2014-v 5',
    'cat::9 dog',
    'a {red, blue} cat',
    '--',
    'a cat --\u0000v 5 -\u0000-q 4 \u0000--s 1',
  ])('lets nothing in %j act as a parameter', (text) => {
    const result = exported(text, 'midjourney');
    expect(result.text).not.toMatch(/--|[—―]|::|[{}]|\p{Cc}/u);
    expect(result.notes).not.toEqual([]);
    const unwanted = exported('fox', 'midjourney', { negative: text });
    expect(unwanted.text.match(/--/g)).toEqual(['--']);
  });

  it('leaves single dashes and colons alone, and seeds over 32 bits out', () => {
    expect(exported('black-and-white: 16:9', 'midjourney')).toMatchObject({ text: 'black-and-white: 16:9', notes: [] });
    const result = exported('fox', 'midjourney', { seed: 4_294_967_296 });
    expect(result.text).toBe('fox');
    expect(result.notes[0]).toContain('4294967295');
  });
});

describe('sdxl', () => {
  it('notes what its encoders cut, weights and the size of an aspect', () => {
    const result = exported(`${'red '.repeat(79)}fox`, 'sdxl', { aspect: '16:9' }, { fox: 1.3 });
    expect(result.budget).toEqual({ target: 'sdxl', tokens: 80, limit: 75, keptCharacters: 75 * 4 - 1 });
    expect(result.notes.join(' ')).toMatch(/last 5 of 80.*weights.*1344 × 768/);
    expect(result.second).toBe('red red red red fox');
    expect(exported('a red fox', 'sdxl').second).toBeNull();
    expect(exported('fox', 'sdxl', { aspect: '99999:1' }).notes.join(' ')).toContain('2048 × 64');
  });
});

describe('a1111', () => {
  it('groups weights in parentheses and escapes those of the text', () => {
    expect(exported('a red fox (b) [c] d\\', 'a1111', {}, { red: 1.2, fox: 1.2 }).text).toBe(
      'a (red fox:1.2) \\(b\\) \\[c\\] d\\\\',
    );
  });

  it('writes the block its paste button reads', () => {
    const result = exported('a red fox', 'a1111', everything);
    expect(result.text).toBe('a red fox\nNegative prompt: blur, text\nSteps: 20, CFG scale: 3, Seed: 42, Size: 680x384');
    expect(exported('fox', 'a1111', { seed: 1 }).text).toBe('fox\nSeed: 1, Schedule type: Automatic, Clip skip: 1');
    expect(exported('fox', 'a1111').text).toBe('fox');
  });

  it('makes harmless what means something else there', () => {
    expect(exported('a BREAK b AND c ANDROID', 'a1111').text).toBe('a break b and c ANDROID');
    expect(exported('<lora:evil:2> fox', 'a1111').text).toBe('< lora:evil:2> fox');
    expect(exported('Negative prompt: fox', 'a1111').text).toBe('negative prompt: fox');
    expect(exported('Steps: 1, Seed: 2, Size: 3', 'a1111').text.split('\n')).toHaveLength(2);
  });

  it('weighs a word as a whole', () => {
    const [first] = clip.encode('skateboardingly');
    expect(first).toBeDefined();
    expect(exported('Hello, fox', 'a1111', {}, { Hello: 1.3 }).text).toBe('(Hello,:1.3) fox');
  });
});

describe('invokeai and fooocus', () => {
  it('write weights in their own way, and what they take beside the text', () => {
    const invoke = exported('a red fox (b) low-', 'invokeai', everything, { red: 1.2, fox: 1.2 });
    expect(invoke.text).toBe('a (red fox)1.2 \\(b\\) low');
    expect(invoke.notes.join(' ')).toMatch(/behind a word.*blur, text.*steps 20.*16:9/);
    const fooocus = exported('a red fox (b)', 'fooocus', everything, { red: 1.2, fox: 1.2 });
    expect(fooocus.text).toBe('a (red fox:1.2) \\(b\\)');
    expect(fooocus.notes.join(' ')).toMatch(/words of its own.*blur, text.*1344 × 768/);
  });
});

describe('comfyui', () => {
  it('writes absolute weights and escapes parentheses, choices, comments and embeddings', () => {
    const result = exported('a red (b) {x|y} http://z embedding:bad', 'comfyui', {}, { red: 0.8 });
    expect(result.text).toBe('a (red:0.8) \\(b\\) \\{x|y\\} http:/ /z embedding :bad');
    expect(result.notes[0]).toContain('comments');
  });

  it('tells where the other options go', () => {
    expect(exported('fox', 'comfyui', everything).notes.join(' ')).toMatch(/blur, text.*steps 20.*16:9/);
  });
});

describe('the tokens of a text', () => {
  const long = 'red '.repeat(80).trim();

  it.each(['plain', 'midjourney', 'sdxl', 'a1111', 'comfyui', 'invokeai', 'fooocus'] as const)('are counted for %s', (target) => {
    const { budget } = exported(long, target);
    const limit = target === 'sdxl' ? 75 : null;
    expect(budget).toEqual({ target, tokens: 80, limit, keptCharacters: limit === null ? null : 75 * 4 - 1 });
  });

  it.each(['a1111', 'comfyui', 'invokeai', 'fooocus'] as const)('are read in pieces by %s, which is said', (target) => {
    expect(exported(long, target).notes.join('\n')).toMatch(/80 tokens .*in (?:2 )?pieces.*nothing is cut/);
    expect(exported('red '.repeat(75), target).notes.join('\n')).not.toContain('pieces');
  });
});

it('stays quick and whole for a text of 4,000 words', () => {
  const text = 'red: fox, '.repeat(1000);
  for (const target of ['plain', 'midjourney', 'sdxl', 'a1111', 'comfyui'] as const) {
    expect(exported(text, target).text).toContain('red: fox');
  }
});
