import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { writerConnectionSchema } from '../../../contract/outside/connection.ts';
import type { ConnectionRequest } from '../../../contract/outside/connection.ts';
import type { Written } from '../../../main/ports/writer.ts';
import { ModelWriter } from '../../../main/writers/model-writer.ts';
import { chatChunk, chatEnd, modelServer, startStream, writeChat } from '../../helpers/model-server.ts';
import type { HeardRequest } from '../../helpers/model-server.ts';
import { serveHttp, serveSocket } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

const KEY = 'sk-planted-4711-never-seen';
const order = {
  system: 'Mix.',
  messages: [{ role: 'user', text: 'A: a fox\n\nB: snow' }] as const,
  form: {
    name: 'blend',
    schema: { type: 'object', properties: { x: { type: 'string' } }, required: ['x'], additionalProperties: false },
  },
};
const quiet = new AbortController().signal;

async function writerFor(origin: string, more: Partial<ConnectionRequest> = {}): Promise<ModelWriter> {
  const { network } = await openTestNetwork({ environment: { DEDIFFUSION_SECRET_MINE: KEY } });
  const sends = ['address' as const, 'text' as const, 'key' as const];
  await network.consents.allow({ origin, purpose: 'language-model', sends, keeps: ['text'], shown: 'yes' });
  const connection = {
    id: 'mine',
    kind: 'openai-compatible' as const,
    address: `${origin}/v1`,
    model: 'small',
    secret: 'mine',
    ...more,
  };
  return new ModelWriter(network, writerConnectionSchema.parse(connection));
}

async function writeAll(writer: ModelWriter, signal = quiet): Promise<Written & { pieces: string[] }> {
  const writing = writer.write(order, signal);
  const pieces: string[] = [];
  for (;;) {
    const next = await writing.next();
    if (next.done === true) return { ...next.value, pieces };
    pieces.push(next.value);
  }
}

async function serve(answer: (response: ServerResponse, number: number, heard: HeardRequest) => void) {
  const { listener, heard } = modelServer(answer);
  return { origin: await serveHttp(listener), heard };
}

describe('a language model that speaks as OpenAI does', () => {
  it('is asked with the form, streams its answer and says what it took', async () => {
    const { origin, heard } = await serve((response) => writeChat(response, '{"x":"a fox in the snow"}'));
    const written = await writeAll(await writerFor(origin));
    expect(written).toMatchObject({
      text: '{"x":"a fox in the snow"}',
      isWhole: true,
      isFormed: true,
      usage: { inputTokens: 90, outputTokens: 12 },
    });
    expect(written.pieces.length).toBeGreaterThan(1);
    expect(heard[0]?.path).toBe('/v1/chat/completions');
    expect(heard[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(heard[0]?.body).toMatchObject({
      model: 'small',
      stream: true,
      response_format: { type: 'json_schema', json_schema: { name: 'blend', schema: order.form.schema } },
    });
  });

  it('is not asked by anybody who has not agreed', async () => {
    const { origin, heard } = await serve((response) => writeChat(response, '{}'));
    const { network } = await openTestNetwork();
    const connection = writerConnectionSchema.parse({
      id: 'mine',
      kind: 'openai-compatible',
      address: `${origin}/v1`,
      model: 'small',
    });
    await expect(writeAll(new ModelWriter(network, connection))).rejects.toMatchObject({ code: 'consent-needed' });
    expect(heard).toEqual([]);
  });

  it('reads events that arrive in halves of letters', async () => {
    const whole = Buffer.from(chatChunk({ content: '{"x":"Füchse 🦊"}' }) + chatEnd());
    const { origin } = await serve((response) => {
      startStream(response);
      for (let at = 0; at < whole.length; at += 7) response.write(whole.subarray(at, at + 7));
      response.end();
    });
    expect((await writeAll(await writerFor(origin))).text).toBe('{"x":"Füchse 🦊"}');
  });

  it('says that an answer was cut off at its most tokens', async () => {
    const { origin } = await serve((response) => {
      startStream(response);
      response.end(chatChunk({ content: '{"x":"a fo' }) + chatEnd('length'));
    });
    expect(await writeAll(await writerFor(origin))).toMatchObject({ text: '{"x":"a fo', isWhole: false });
  });

  it('is asked again without the form where the server takes none', async () => {
    const { origin, heard } = await serve((response, number) => {
      if (number > 0) writeChat(response, '{"x":"fox"}');
      else response.writeHead(400).end('{"error":{"message":"response_format is not supported"}}');
    });
    expect(await writeAll(await writerFor(origin))).toMatchObject({ text: '{"x":"fox"}', isFormed: false });
    expect(heard[1]?.body).not.toHaveProperty('response_format');
  });

  it('waits as long as the server asks, and tries no more than twice again', async () => {
    const limited = await serve((response, number) => {
      if (number === 1) writeChat(response, '{"x":"fox"}');
      else response.writeHead(429, { 'retry-after-ms': '80' }).end('{"error":{"message":"slow down"}}');
    });
    const started = performance.now();
    expect((await writeAll(await writerFor(limited.origin))).text).toBe('{"x":"fox"}');
    expect(performance.now() - started).toBeGreaterThanOrEqual(78);
    const busy = await serve((response) => void response.writeHead(429, { 'retry-after-ms': '1' }).end('{}'));
    await expect(writeAll(await writerFor(busy.origin))).rejects.toMatchObject({
      code: 'writer-limited',
      details: { status: 429 },
    });
    expect(busy.heard).toHaveLength(3);
    const long = await serve((response) => void response.writeHead(429, { 'retry-after': '3600' }).end('{}'));
    await expect(writeAll(await writerFor(long.origin))).rejects.toMatchObject({ code: 'writer-limited' });
    expect(long.heard).toHaveLength(1);
  });

  it.each([
    [400, 'writer-refused', /does not accept the key.* It says: no ••• for you/],
    [401, 'writer-refused', /does not accept the key/],
    [404, 'writer-refused', /does not know the model small/],
    [500, 'writer-refused', /could not answer/],
  ])('says what a status of %i means', async (status, code, message) => {
    const said = `{"error":{"message":"no ${KEY} for you, as an API key not valid"}}`;
    const { origin } = await serve((response) => void response.writeHead(status, { 'retry-after-ms': '1' }).end(said));
    const failure: unknown = await writeAll(await writerFor(origin)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(KEY);
  });

  /** As each program words it where it does not have the model. */
  it.each([
    ['Ollama', 'openai-compatible', 404, { error: { message: "model 'small' not found", type: 'not_found_error', code: null } }],
    [
      'llama.cpp',
      'openai-compatible',
      400,
      { error: { code: 400, message: "model 'small' not found", type: 'invalid_request_error' } },
    ],
    ['LM Studio', 'openai-compatible', 400, { error: { message: 'Invalid model identifier "small".', code: 'model_not_found' } }],
    ['LM Studio with none', 'openai-compatible', 400, { error: "No models loaded. Use the 'lms load' command." }],
    ['OpenAI', 'openai-compatible', 404, { error: { message: 'The model `small` does not exist.', code: 'model_not_found' } }],
    ['Anthropic', 'anthropic', 404, { type: 'error', error: { type: 'not_found_error', message: 'model: small' } }],
    ['Gemini', 'google', 404, { error: { code: 404, message: 'models/small is not found for v1.', status: 'NOT_FOUND' } }],
  ] as const)('of the wrong name is told in the words of %s, with what to do, and asked once', async (_, kind, status, body) => {
    const { origin, heard } = await serve(
      (response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
    const { host } = new URL(origin);
    const said = typeof body.error === 'string' ? body.error : body.error.message;
    await expect(writeAll(await writerFor(origin, { kind }))).rejects.toMatchObject({
      code: 'writer-refused',
      message: `${host} does not know the model small. It says: ${said}`,
      hint: expect.stringContaining('Check the name of the model') as string,
    });
    expect(heard).toHaveLength(1);
  });

  it('says when nothing answers, what answers is something else, or it ends too early', async () => {
    const gone = await serveSocket((socket) => socket.destroy());
    await expect(writeAll(await writerFor(gone))).rejects.toMatchObject({ code: 'address-unreachable' });
    const page = await serve((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>router</p>'));
    await expect(writeAll(await writerFor(page.origin))).rejects.toMatchObject({ code: 'answer-unreadable' });
    const broken = await serve((response) => {
      startStream(response);
      response.end('data: {"choices": [{"delta\n\n');
    });
    await expect(writeAll(await writerFor(broken.origin))).rejects.toMatchObject({ code: 'answer-unreadable' });
    const dropped = await serve((response) => {
      startStream(response);
      response.write(chatChunk({ content: '{"x":"a' }), () => response.destroy());
    });
    await expect(writeAll(await writerFor(dropped.origin))).rejects.toMatchObject({ code: 'address-unreachable' });
  });

  it('gives up on one that says nothing, after the patience of its connection', async () => {
    const { origin } = await serve(() => undefined);
    const started = performance.now();
    await expect(writeAll(await writerFor(origin, { patienceSeconds: 1 }))).rejects.toMatchObject({
      code: 'address-unreachable',
      details: { reason: 'time' },
    });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('stops at once, before the first word and in the middle, and ends the connection', async () => {
    const took: Record<number, number[]> = { 0: [], 2: [] };
    // The best of three: another process may hold this one up, and that is not what is measured.
    for (const words of [0, 2, 0, 2, 0, 2]) {
      let closed = (): void => undefined;
      const gone = new Promise<void>((resolve) => (closed = resolve));
      let begun = (): void => undefined;
      const asked = new Promise<void>((resolve) => (begun = resolve));
      const { origin } = await serve((response) => {
        response.on('close', closed);
        startStream(response);
        for (let word = 0; word < words; word += 1) response.write(chatChunk({ content: 'word ' }));
        response.flushHeaders();
        begun();
      });
      const stop = new AbortController();
      const outcome = writeAll(await writerFor(origin), stop.signal).catch((error: unknown) => error);
      await asked;
      const started = performance.now();
      stop.abort(new DOMException('enough', 'AbortError'));
      expect(await outcome).toMatchObject({ message: 'enough' });
      await gone;
      took[words]?.push(performance.now() - started);
    }
    for (const times of Object.values(took)) expect(Math.min(...times)).toBeLessThan(300);
  });
});

describe('other kinds of servers', () => {
  it('Anthropic: its path, its key and its events', async () => {
    const { origin, heard } = await serve((response) => {
      startStream(response);
      const events = [
        {
          type: 'message_start',
          message: {
            id: 'm',
            type: 'message',
            role: 'assistant',
            model: 'c',
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: { input_tokens: 7, output_tokens: 1 },
          },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '{"x":"fox"}' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
        { type: 'message_stop' },
      ];
      for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      response.end();
    });
    const written = await writeAll(await writerFor(origin, { kind: 'anthropic', model: 'claude-sonnet-4-5' }));
    expect(written).toMatchObject({ text: '{"x":"fox"}', isWhole: true, usage: { inputTokens: 7, outputTokens: 5 } });
    expect(heard[0]?.path).toBe('/v1/messages');
    expect(heard[0]?.headers['x-api-key']).toBe(KEY);
  });

  it('Gemini: its path, its key and its events', async () => {
    const { origin, heard } = await serve((response) => {
      startStream(response);
      const parts = [{ text: '{"x":"fox"}' }];
      const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 5, totalTokenCount: 12 };
      response.end(
        `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }], usageMetadata })}\n\n`,
      );
    });
    const written = await writeAll(await writerFor(origin, { kind: 'google', model: 'gemini-2.5-flash' }));
    expect(written).toMatchObject({ text: '{"x":"fox"}', isWhole: true, usage: { inputTokens: 7, outputTokens: 5 } });
    expect(heard[0]?.path).toContain('/v1/models/gemini-2.5-flash:streamGenerateContent');
    expect(heard[0]?.headers['x-goog-api-key']).toBe(KEY);
  });
});
