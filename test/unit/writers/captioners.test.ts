import { expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { connectionSchema } from '../../../contract/outside/connection.ts';
import { createCaptioners } from '../../../main/writers/captioners.ts';
import { ConnectionStore } from '../../../main/writers/connection-store.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

const quiet = new AbortController().signal;
const picture = Uint8Array.of(137, 80, 78, 71);

async function open(answer: (response: ServerResponse, number: number) => void, over: object = {}) {
  const { listener, heard } = modelServer(answer);
  const address = `${await serveHttp(listener)}/v1`;
  const { network } = await openTestNetwork();
  const options = { file: '', remember: false, clock: () => 0, onRepair: () => undefined };
  const connections = await ConnectionStore.open(options, network);
  const asked = { id: 'eyes', kind: 'openai-compatible' as const, address, model: 'llava', sees: true, ...over };
  const { consent } = await connections
    .add(connectionSchema.parse(asked))
    .then((one) => ({ consent: connections.findWriter(one.id).consent }));
  return { network, connections, consent, heard, captioners: createCaptioners(network, connections) };
}

it('shows the picture to the model and gives what it says, and counts it', async () => {
  const { network, connections, consent, heard, captioners } = await open((response) =>
    writeChat(response, '{"caption":"a red fox\\nin the snow"}'),
  );
  await network.consents.allow(consent);
  const eyes = captioners.open('eyes');
  expect(eyes.model).toBe('eyes – llava');
  expect(captioners.laneOf('eyes')).toBe(`server ${new URL(consent.origin).host}`);
  expect(await eyes.describe(picture, 15, quiet)).toContain('a red fox');
  const [, asked] = (heard[0]?.body['messages'] ?? []) as { content: object[] }[];
  expect(asked?.content).toEqual([
    { type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.from(picture).toString('base64')}` } },
    { type: 'text', text: 'Describe this picture in at most 15 words.' },
  ]);
  expect(connections.find('eyes').spent).toMatchObject({ answers: 1, inputTokens: 90, outputTokens: 12 });
});

it('asks nobody who was not allowed to see, and no connection that is not shown pictures', async () => {
  const { network, consent, heard, captioners } = await open((response) => writeChat(response, '{"caption":"x"}'));
  await network.consents.allow({ ...consent, sends: ['address', 'text'] });
  await expect(captioners.open('eyes').describe(picture, 15, quiet)).rejects.toMatchObject({
    code: 'consent-needed',
    details: { sends: 'picture' },
  });
  expect(heard).toEqual([]);
  const blind = await open(() => undefined, { sees: false });
  expect(() => blind.captioners.open('eyes')).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
});

it('asks once more where an answer cannot be read, and then says so', async () => {
  const { network, consent, heard, captioners } = await open((response) => writeChat(response, 'I cannot do that.'));
  await network.consents.allow(consent);
  await expect(captioners.open('eyes').describe(picture, 5, quiet)).rejects.toMatchObject({ code: 'answer-unreadable' });
  expect(heard).toHaveLength(2);
});
