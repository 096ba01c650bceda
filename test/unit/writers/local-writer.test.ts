import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WriteOrder, Written } from '../../../main/ports/writer.ts';
import { findLlama } from '../../../main/writers/local/find-llama.ts';
import { LocalWriter } from '../../../main/writers/local/local-writer.ts';
import { writeGguf } from '../../helpers/write-gguf.ts';

/** A folder with node-llama-cpp 3 in its node_modules; .ci/run makes one where it can. Without it only what needs none runs. */
const installed = process.env['DEDIFFUSION_LLAMA_FOLDER'] ?? '';
const never = new AbortController().signal;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dediffusion-gguf-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const orderOf = (schema: Record<string, unknown>): WriteOrder => ({
  system: 'Answer.',
  messages: [
    { role: 'user', text: 'a' },
    { role: 'assistant', text: '{"answer":"no"}' },
    { role: 'user', text: 'b' },
  ],
  form: {
    name: 'answer',
    schema: { type: 'object', properties: schema, required: Object.keys(schema), additionalProperties: false },
  },
});
const short = orderOf({ answer: { enum: ['yes', 'no'] } });
/** Chance hardly ever ends it. */
const endless = orderOf({ answer: { type: 'string' } });

async function collect(pieces: AsyncGenerator<string, Written, void>): Promise<{ pieces: string; written: Written }> {
  let said = '';
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return { pieces: said, written: next.value };
    said += next.value;
  }
}

describe('a model in a file', () => {
  it('says how to install what runs it, where that is missing', async () => {
    const writer = new LocalWriter({
      name: 'Small',
      model: { layout: 'gguf', file: join(folder, 'none.gguf') },
      dataFolder: folder,
    });
    const failure = await collect(writer.write(short, never)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'not-found',
      hint: `Install it with: npm install --prefix "${folder}" node-llama-cpp@3`,
    });
  });

  it('finds it in the data folder', async () => {
    const dist = join(folder, 'home', 'node_modules', 'node-llama-cpp', 'dist');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, 'index.js'), '');
    expect(await findLlama(join(folder, 'home'))).toMatch(/home\/node_modules\/node-llama-cpp\/dist\/index\.js$/);
  });
});

/** What of node-llama-cpp a writer asks for, in its place: it says how many threads it was given, then counts, slowly and without end. */
const countingLibrary = `
  export const getLlama = async ({ maxThreads }) => ({
    loadModel: async () => ({
      trainContextSize: 512,
      createContext: async ({ threads }) => ({
        getSequence: () => ({ tokenMeter: { usedInputTokens: 1, usedOutputTokens: 1 }, given: maxThreads + '/' + threads }),
      }),
    }),
    createGrammarForJsonSchema: async () => ({}),
  });
  export class LlamaChatSession {
    constructor({ contextSequence }) {
      this.given = contextSequence.given;
    }
    setChatHistory() {}
    promptWithMeta(prompt, { onTextChunk }) {
      onTextChunk(this.given);
      let count = 0;
      setInterval(() => onTextChunk(String((count += 1)) + ' '), 10);
      return new Promise(() => undefined);
    }
  }
`;

/** @returns the data folder in which it is found */
function installCounting(name: string): string {
  const library = join(folder, name, 'node_modules', 'node-llama-cpp');
  mkdirSync(join(library, 'dist'), { recursive: true });
  writeFileSync(join(library, 'package.json'), '{"type":"module"}');
  writeFileSync(join(library, 'dist', 'index.js'), countingLibrary);
  return join(folder, name);
}

it('gives llama.cpp one thread fewer than there are cores, for all its work', { timeout: 60_000 }, async () => {
  const dataFolder = installCounting('threads');
  const stop = new AbortController();
  const writing = new LocalWriter({ name: 'Counts', model: { layout: 'gguf', file: 'none' }, dataFolder }).write(
    endless,
    stop.signal,
  );
  const threads = Math.max(1, availableParallelism() - 1);
  expect((await writing.next()).value).toBe(`${threads}/${threads}`);
  stop.abort(new Error('enough'));
  await expect(collect(writing)).rejects.toThrow('enough');
});

describe('a model in a file that is cancelled', { timeout: 60_000 }, () => {
  it('stops in the middle of an answer, and before its first word, in less than 300 ms, and its process ends', async () => {
    const home = installCounting('counting');
    const took: Record<number, number[]> = { 0: [], 2: [] };
    // The better of two: another process may hold this one up, and that is not what is measured.
    for (const words of [0, 2, 0, 2]) {
      const stop = new AbortController();
      const writing = new LocalWriter({ name: 'Counts', model: { layout: 'gguf', file: 'none' }, dataFolder: home }).write(
        endless,
        stop.signal,
      );
      for (let word = 0; word < words; word += 1) expect((await writing.next()).done).toBe(false);
      const rest = collect(writing);
      // Its process is there, and has said nothing yet.
      if (words === 0) await vi.waitFor(() => expect(process.getActiveResourcesInfo()).toContain('ProcessWrap'));
      const started = performance.now();
      stop.abort(new Error('enough'));
      await expect(rest).rejects.toThrow('enough');
      took[words]?.push(performance.now() - started);
    }
    for (const times of Object.values(took)) expect(Math.min(...times)).toBeLessThan(300);
    await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap'), { timeout: 10_000 });
  });
});

describe('a small model of transformers.js', { timeout: 180_000 }, () => {
  const tiny = fileURLToPath(new URL('../../fixtures/models/tiny-instruct', import.meta.url));
  const open = (path = tiny) => {
    const model = { layout: 'transformers.js' as const, folder: path, graphs: { model: 'onnx/model.onnx' } };
    return new LocalWriter({ name: 'Chance', model, dataFolder: folder });
  };

  it('writes in pieces, says what it took and that nothing held it to the form', async () => {
    const { pieces, written } = await collect(open().write(short, never));
    expect(pieces).toBe(written.text);
    expect(pieces).not.toBe('');
    expect(written.isFormed).toBe(false);
    expect(written.usage?.inputTokens).toBeGreaterThan(5);
    // Chance never ends it before its most tokens.
    expect(written).toMatchObject({ isWhole: false, usage: { outputTokens: 1000 } });
  });

  it('stops in less than 300 ms, whatever it is doing', async () => {
    const stop = new AbortController();
    const writing = collect(open().write(endless, stop.signal));
    await vi.waitFor(() => expect(process.getActiveResourcesInfo()).toContain('ProcessWrap'));
    const started = performance.now();
    stop.abort(new Error('enough'));
    await expect(writing).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(300);
  });

  it('is told with what is wrong: a question that is longer than it reads, and a folder that holds none', async () => {
    const long = { ...short, messages: [{ role: 'user' as const, text: 'x'.repeat(9000) }] };
    const tooLong = await collect(open().write(long, never)).catch((error: unknown) => error);
    expect(tooLong).toMatchObject({ code: 'writer-refused', details: { reason: expect.stringContaining('4096') as string } });
    const none = await collect(open(join(folder, 'none')).write(short, never)).catch((error: unknown) => error);
    expect(none).toMatchObject({ code: 'writer-refused', message: 'Chance could not write.' });
  });
});

// Loading llama.cpp takes long on a busy machine.
describe.skipIf(installed === '')('a model in a file, by llama.cpp itself', { timeout: 180_000 }, () => {
  let file: string;
  beforeAll(() => {
    file = join(folder, 'chance.gguf');
    writeGguf(file);
  });
  const open = (path = file) => new LocalWriter({ name: 'Chance', model: { layout: 'gguf', file: path }, dataFolder: installed });

  it('keeps to the form, in pieces, and says what it took', async () => {
    const { pieces, written } = await collect(open().write(short, never));
    expect(['yes', 'no']).toContain((JSON.parse(written.text) as { answer: string }).answer);
    expect(pieces).toBe(written.text);
    expect(written).toMatchObject({ isWhole: true, isFormed: true });
    expect(written.usage?.inputTokens).toBeGreaterThan(0);
    expect(written.usage?.outputTokens).toBeGreaterThan(0);
  });

  it('stops when it is cancelled, in the middle of an answer', async () => {
    const stop = new AbortController();
    const writing = open().write(endless, stop.signal);
    expect((await writing.next()).done).toBe(false);
    const started = performance.now();
    stop.abort(new Error('enough'));
    await expect(collect(writing)).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(300);
  });

  it('that is none is told with what llama.cpp says of it', async () => {
    const broken = join(folder, 'broken.gguf');
    writeFileSync(broken, 'no model');
    const failure = await collect(open(broken).write(short, never)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'writer-refused', message: 'Chance could not write.' });
  });
});
