import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { connectionSchema } from '../../contract/outside/connection.ts';
import { transferOrderSchema } from '../../contract/transfer.ts';
import { openStudio } from '../../main/studio.ts';
import { ComfyuiServer } from '../../test/helpers/comfyui-server.ts';
import { judge } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { takeStep, tellStep } from './tell-step.ts';

const names = ['one', 'two', 'three', 'four'];
const prompts = 64;
/** A picture of two steps takes as long as a quick card needs for one of SDXL. */
const stepMs = 2_000;
const pictureMs = 2 * stepMs;

async function serveComfyui(): Promise<{ readonly address: string; readonly close: () => void }> {
  const comfyui = new ComfyuiServer();
  comfyui.stepMs = stepMs;
  const sockets = new Set<Socket>();
  const server = createServer(comfyui.listener).on('upgrade', comfyui.upgrade);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/**
 * How busy a grid keeps servers that draw: 64 prompts over four ComfyUIs with a served delay, in this process, because real ones would
 * want four cards. Ideal is a picture after the other at each without a pause.
 */
export async function measureTransfer(folder: string): Promise<BenchRow> {
  const studio = await openStudio({ dataFolder: join(folder, 'transfer'), device: 'cpu' });
  const servers = await Promise.all(names.map(serveComfyui));
  try {
    const { client } = studio;
    for (const [at, id] of names.entries()) {
      const address = servers[at]?.address ?? '';
      const connection = connectionSchema.parse({ id, kind: 'comfyui', address, model: 'small.safetensors' });
      await client.network.allow((await client.connections.add(connection)).consent);
    }
    const order = transferOrderSchema.parse({
      name: 'Bench',
      rows: Array.from({ length: prompts }, (_, at) => ({ name: `${at}`, prompt: { type: 'text', text: `a fox ${at}` } })),
      tools: [{ type: 'connections', connectionIds: names }],
    });
    const idealMs = (prompts / names.length) * pictureMs;
    const tookMs = await takeStep(`${prompts} prompts over ${names.length} servers`, 5 * idealMs, async () => {
      const events = await client.studio.events();
      const startedMs = performance.now();
      const { id: transferId } = await client.transfers.create(order);
      let told = 0;
      for await (const event of events) {
        if (event.type !== 'transfer-changed') continue;
        const { done, failed } = (await client.transfers.get({ transferId })).counts;
        if (failed > 0) throw new Error(`${failed} of ${prompts} prompts failed.`);
        if (done >= told + 8) tellStep(`  ${(told = done)} of ${prompts}`);
        if (done === prompts) break;
      }
      return performance.now() - startedMs;
    });
    const name = `64 prompts over 4 ComfyUIs of ${pictureMs / 1000} s a picture (served delay), against ideal`;
    return judge({ name, unit: '%', atLeast: 90 }, (100 * idealMs) / tookMs);
  } finally {
    for (const { close } of servers) close();
    await studio.close();
  }
}
