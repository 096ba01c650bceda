import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ServerResponse } from 'node:http';
import { connectionSchema } from '../../../contract/outside/connection.ts';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import { createLocalProvider } from '../../../main/providers/local-provider.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { createCaptioners } from '../../../main/writers/captioners.ts';
import { ConnectionStore } from '../../../main/writers/connection-store.ts';
import { createTestEngine } from '../engine/tiny-engine.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { addTinyCaptioner } from '../../helpers/add-tiny-captioner.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

const png = Uint8Array.of(137, 80, 78, 71);
const picture = { png, width: 1, height: 1 };

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
  const userFolder = makeTemporaryFolder();
  addTinyCaptioner(userFolder);
  const packs = createPackRegistry({
    embeddedFolder: join(userFolder, 'none'),
    userFolder: join(userFolder, 'packs'),
    verifiedFile: null,
    log: () => undefined,
  });
  const engine = createTestEngine();
  onTestFinished(() => engine.close());
  const models = createLocalProvider(engine, { studio: '0', onnxruntime: '0' });
  return { network, connections, consent, heard, captioners: createCaptioners({ network, connections, packs, models }) };
}

it('shows the picture to the model and gives what it says, and counts it', async () => {
  const { network, connections, consent, heard, captioners } = await open((response) =>
    writeChat(response, '{"caption":"a red fox\\nin the snow"}'),
  );
  await network.consents.allow(consent);
  const eyes = await captioners.open('eyes');
  expect(eyes.model).toBe('eyes – llava');
  expect(captioners.laneOf('eyes')).toBe(`server ${new URL(consent.origin).host}`);
  expect(await eyes.describe(picture, 15, quietContext)).toContain('a red fox');
  const [, asked] = (heard[0]?.body['messages'] ?? []) as { content: object[] }[];
  expect(asked?.content).toEqual([
    { type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.from(png).toString('base64')}` } },
    { type: 'text', text: 'Describe this picture in at most 15 words.' },
  ]);
  expect(connections.find('eyes').spent).toMatchObject({ answers: 1, inputTokens: 90, outputTokens: 12 });
});

it('asks nobody who was not allowed to see, and no connection that is not shown pictures', async () => {
  const { network, consent, heard, captioners } = await open((response) => writeChat(response, '{"caption":"x"}'));
  await network.consents.allow({ ...consent, sends: ['address', 'text'] });
  await expect((await captioners.open('eyes')).describe(picture, 15, quietContext)).rejects.toMatchObject({
    code: 'consent-needed',
    details: { sends: 'picture' },
  });
  expect(heard).toEqual([]);
  const blind = await open(() => undefined, { sees: false });
  await expect(blind.captioners.open('eyes')).rejects.toMatchObject({ code: 'bad-request' });
});

it('asks once more where an answer cannot be read, and then says so', async () => {
  const { network, consent, heard, captioners } = await open((response) => writeChat(response, 'I cannot do that.'));
  await network.consents.allow(consent);
  await expect((await captioners.open('eyes')).describe(picture, 5, quietContext)).rejects.toMatchObject({
    code: 'answer-unreadable',
  });
  expect(heard).toHaveLength(2);
});

it(
  'has a model of this machine write in the engine, in the lane of the device, and goes to no server',
  { timeout: 120_000 },
  async () => {
    const { heard, captioners } = await open(() => undefined);
    expect(captioners.laneOf('teller')).toBe('device');
    const teller = await captioners.open('teller');
    expect(teller.model).toBe('teller – Teller');
    const small = readFileSync(new URL('../../fixtures/images/small.png', import.meta.url));
    const shown = { png: small, width: 40, height: 30 };
    const told = await teller.describe(shown, 4, quietContext);
    expect(told).not.toBe('');
    expect(await teller.describe(shown, 4, quietContext)).toBe(told);
    expect(heard).toEqual([]);
  },
);
