import { expect, it } from 'vitest';
import { findLocalPrograms } from '../../../main/writers/find-local-programs.ts';
import { modelServer } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

const portOf = (origin: string): number => Number(new URL(origin).port);
const nobody = { Ollama: 1, 'LM Studio': 1, 'llama.cpp': 1, ComfyUI: 1, 'web UI': 1 };

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
