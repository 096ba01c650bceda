import { describe, expect, it } from 'vitest';
import { findLocalPrograms } from '../../../main/writers/find-local-programs.ts';
import { A1111Server } from '../../helpers/a1111-server.ts';
import { ComfyuiServer } from '../../helpers/comfyui-server.ts';
import { InvokeaiServer } from '../../helpers/invokeai-server.ts';
import { modelServer } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

const portOf = (origin: string): number => Number(new URL(origin).port);
const nobody = { Ollama: 1, 'LM Studio': 1, 'llama.cpp': 1, ComfyUI: 1, 'web UI': 1, InvokeAI: 1 };

it('finds the programs that listen here with their models, asks nothing else of them, and connects none', async () => {
  const ollama = modelServer((response) => response.end('{"data":[{"id":"small"},{"id":"large"}]}'));
  const other = modelServer((response) => response.end('<p>a router</p>'));
  const { network } = await openTestNetwork();
  const ports = {
    ...nobody,
    Ollama: portOf(await serveHttp(ollama.listener)),
    'LM Studio': portOf(await serveHttp(other.listener)),
  };
  expect(await findLocalPrograms(network, undefined, ports)).toEqual([
    { program: 'Ollama', kind: 'openai-compatible', address: `http://127.0.0.1:${ports.Ollama}/v1`, models: ['small', 'large'] },
  ]);
  for (const { heard } of [ollama, other]) {
    expect(heard.map(({ path, body }) => [path, body])).toEqual([['/v1/models', {}]]);
    expect(heard[0]?.headers).not.toHaveProperty('authorization');
  }
  expect(network.consents.consents).toEqual([]);
});

describe('tools that draw', () => {
  const tools = [
    ['ComfyUI', 'comfyui', () => new ComfyuiServer(), '/models/checkpoints', ['small.safetensors', 'large.safetensors']],
    ['web UI', 'a1111', () => new A1111Server(), '/sdapi/v1/sd-models', ['dream', 'other']],
    ['InvokeAI', 'invokeai', () => new InvokeaiServer(), '/api/v2/models/?model_type=main', ['tiny-sd', 'large', 'flowing']],
  ] as const;

  it.each(tools)('are found where they listen here: %s', async (program, kind, makeServer, path, models) => {
    const server = makeServer();
    const address = await serveHttp(server.listener);
    const { network } = await openTestNetwork();
    const found = await findLocalPrograms(network, undefined, { ...nobody, [program]: portOf(address) });
    expect(found).toEqual([{ program, kind, address, models }]);
    expect(server.heard.map((one) => [one.method, one.path, one.headers.origin])).toEqual([['GET', path, undefined]]);
  });

  it('refuse a page of another host, as ComfyUI does on loopback', async () => {
    const server = new ComfyuiServer();
    const address = await serveHttp(server.listener, server.upgrade);
    const statusFor = async (origin: string) => (await fetch(`${address}/models/checkpoints`, { headers: { origin } })).status;
    expect(await Promise.all(['http://localhost:5173', 'app://studio', address, 'null'].map(statusFor))).toEqual([
      403, 403, 200, 200,
    ]);
  });
});
