import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ComfyuiClient } from '../../../../main/providers/comfyui/comfyui-client.ts';
import { historySchema, nodeInfoSchema, readChoices, refusedSchema } from '../../../../main/providers/comfyui/comfyui-answers.ts';
import { readComfyuiMessage } from '../../../../main/providers/comfyui/comfyui-messages.ts';
import { readEnding } from '../../../../main/providers/comfyui/read-ending.ts';
import type { ToolMessage } from '../../../../main/providers/run-queued.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openToolPlace } from '../open-tool.ts';
import { never } from '../tool-bench.ts';

const fixture = (name: string) => readFileSync(new URL(`../../../fixtures/comfyui/${name}`, import.meta.url));
const readJson = (name: string): unknown => JSON.parse(fixture(name).toString('utf8'));

/** Everything a real server said while it drew, as the client reads it; null for what says nothing of the drawing. */
function replay(name: string): (ToolMessage | null)[] {
  const lines = fixture(name).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const [kind, ...rest] = line.split(' ');
    const said = rest.join(' ');
    return readComfyuiMessage(kind === 'TEXT' ? { type: 'text', text: said } : { type: 'binary', bytes: fixture(said) });
  });
}

const shortly = (messages: readonly (ToolMessage | null)[]): string[] =>
  messages.flatMap((message) => {
    if (message === null) return [];
    if (message.type === 'node') return [`node ${String(message.node)}`];
    if (message.type === 'step') return [`step ${message.step}/${message.steps}`];
    if (message.type === 'preview') return [`${message.mediaType} ${message.bytes.byteLength}`];
    return [message.type];
  });

describe('what a real server said while it drew', () => {
  it('is followed from node to node, with steps and a preview of the older form', () => {
    const messages = replay('plain.txt');
    expect(shortly(messages)).toEqual([
      ...['node 4', 'node 5', 'node 7', 'node 6', 'node 3', 'step 1/4', 'image/jpeg 39575', 'step 2/4', 'step 3/4'],
      ...['step 4/4', 'node 8', 'node 9', 'ended'],
    ]);
    const ids = new Set(messages.flatMap((message) => message?.id ?? []));
    expect([...ids]).toEqual(['d33840ec-b0e3-45a3-8538-d8c3f399bb26']);
  });

  it('is followed the same where previews say whose they are', () => {
    const messages = replay('with-metadata.txt');
    expect(shortly(messages)).toEqual([...['node 3', 'image/jpeg 38738', 'step 1/2', 'step 2/2', 'node 8', 'node 9', 'ended']]);
    const preview = messages.find((message) => message?.type === 'preview');
    expect(preview?.id).toBe('0fe1a2c6-ce91-4d2d-ab28-6b816bbbc240');
  });

  it('has its picture in the history, and what was drawn before is not taken for the picture', async () => {
    const place = await openToolPlace('http://127.0.0.1:8188', { kind: 'comfyui' });
    const endings = ['plain-history.json', 'with-metadata-history.json'].map((name) => {
      const [entry] = Object.values(historySchema.parse(readJson(name)));
      if (entry === undefined) throw new Error('an empty history');
      return readEnding(place, entry, ['3']);
    });
    expect(endings).toEqual([
      { picture: { filename: 'peer_00003_.png', subfolder: '', type: 'output' }, cached: false },
      { picture: { filename: 'peer_00004_.png', subfolder: '', type: 'output' }, cached: false },
    ]);
  });

  // A queue has a prompt in the form in which the history has it afterwards.
  it.each([
    ['plain', 'queue_pending', { type: 'waiting', ahead: 0 }],
    ['with-metadata', 'queue_running', { type: 'running' }],
  ] as const)('is found where it stands, first in the queue, then in the history (%s)', async (name, list, standing) => {
    const history = historySchema.parse(readJson(`${name}-history.json`));
    const [[id, { prompt }] = ['', { prompt: [] }]] = Object.entries(history);
    const queue = { queue_running: [], queue_pending: [], [list]: [prompt] };
    let ended = false;
    const origin = await serveHttp(({ url }, response) => {
      response.end(JSON.stringify(url === '/queue' ? queue : ended ? history : {}));
    });
    const client = new ComfyuiClient(await openToolPlace(origin, { kind: 'comfyui' }));
    expect(await client.find(id, never)).toEqual(standing);
    expect(await client.find('another', never)).toBeNull();
    ended = true;
    expect(await client.find(id, never)).toMatchObject({ type: 'ended', hasFailed: false });
  });

  it('is read in what it refuses, and in what it offers', () => {
    const refused = refusedSchema.parse(readJson('refused.json'));
    expect(refused.node_errors['4']).toMatchObject({
      class_type: 'CheckpointLoaderSimple',
      errors: [{ message: 'Value not in list' }],
    });
    const info = nodeInfoSchema.parse(readJson('checkpoint-loader.json'));
    expect(readChoices(info, 'CheckpointLoaderSimple', 'ckpt_name')).toEqual([
      'real-sd15-random.safetensors',
      'tiny2.safetensors',
    ]);
    expect(readChoices(info, 'CheckpointLoaderSimple', 'nothing')).toEqual([]);
  });
});

/** Endings that were not recorded, with the fields that `execution.py` gives them. */
describe('an ending', () => {
  const id = 'd33840ec-b0e3-45a3-8538-d8c3f399bb26';
  const at = { prompt_id: id, timestamp: 1_795_916_114_814 };
  const where = { node_id: '3', node_type: 'KSampler', executed: ['4', '5'] };
  const failed = {
    ...{ ...where, exception_message: 'CUDA out of memory.', exception_type: 'torch.OutOfMemoryError' },
    ...{ traceback: ['  File "/home/ann/nodes.py"'], current_inputs: {}, current_outputs: ['4'], ...at },
  };
  const ending = async (event: string, data: object, status: string, cached: readonly string[] = []) => {
    const messages = [
      ['execution_start', at],
      ['execution_cached', { nodes: cached, ...at }],
      [event, data],
    ];
    const outputs = status === 'error' ? {} : { '9': { images: [{ filename: 'a.png', subfolder: '', type: 'output' }] } };
    const entry = { prompt: [], outputs, status: { status_str: status, completed: status === 'success', messages } };
    const history = historySchema.parse({ [id]: entry });
    const place = await openToolPlace('http://127.0.0.1:8188', { kind: 'comfyui' });
    const [read] = Object.values(history);
    if (read === undefined) throw new Error('an empty history');
    return () => readEnding(place, read, ['3']);
  };
  const say = (type: string, data: object) => readComfyuiMessage({ type: 'text', text: JSON.stringify({ type, data }) });

  it.each([
    ['execution_interrupted', { ...where, ...at }, /was stopped at 127\.0\.0\.1:8188/, /Draw it again/],
    ['execution_error', failed, /failed in KSampler\. It says: CUDA out of memory\./, /Draw smaller/],
  ])('by %s is heard, and told without the paths of that machine', async (event, data, message, hint) => {
    expect(say(event, data)).toEqual({ type: 'ended', id });
    const read = await ending(event, data, 'error');
    expect(read).toThrow(
      expect.objectContaining({
        ...{ code: 'tool-failed', message: expect.stringMatching(message) as string },
        hint: expect.stringMatching(hint) as string,
      }),
    );
    const told = await Promise.resolve()
      .then(read)
      .catch((error: unknown) => JSON.stringify(error));
    expect(told).not.toContain('ann');
  });

  it('that took the picture from before says so, and what else was kept from before does not', async () => {
    expect(say('execution_cached', { nodes: ['3', '4'], ...at })).toBeNull();
    const picture = { filename: 'a.png', subfolder: '', type: 'output' };
    expect((await ending('execution_success', at, 'success', ['3', '4', '8', '9']))()).toEqual({ picture, cached: true });
    expect((await ending('execution_success', at, 'success', ['4', '5', '6', '7']))()).toEqual({ picture, cached: false });
  });
});

describe('a frame', () => {
  it.each([
    ['too short', Buffer.from([0, 0, 0, 1])],
    ['of a kind nobody knows', Buffer.concat([Buffer.from([0, 0, 0, 7, 0, 0, 0, 1]), fixture('preview.bin').subarray(8)])],
    ['that holds a page', Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), Buffer.from('<script>')])],
    ['with more metadata than bytes', Buffer.from([0, 0, 0, 4, 0, 0, 255, 0, 123])],
    [
      'with metadata that is none',
      Buffer.concat([Buffer.from([0, 0, 0, 4, 0, 0, 0, 2]), Buffer.from('{]'), fixture('preview.bin').subarray(8)]),
    ],
  ])('%s is left alone', (_name, bytes) => {
    expect(readComfyuiMessage({ type: 'binary', bytes })).toBeNull();
  });

  it('with numbers that JSON does not have is read', () => {
    const text = '{"type": "progress", "data": {"value": 1, "max": 4, "prompt_id": "a", "node": "3", "loss": NaN}}';
    expect(readComfyuiMessage({ type: 'text', text })).toEqual({ type: 'step', id: 'a', step: 1, steps: 4 });
    expect(readComfyuiMessage({ type: 'text', text: '{"type": "progress", "da' })).toBeNull();
  });
});
