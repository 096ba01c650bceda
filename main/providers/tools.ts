import type { ToolConnection, ToolTest } from '../../contract/outside/connection.ts';
import type { PictureReader } from '../image/picture-reader.ts';
import type { Network } from '../network/network.ts';
import type { ToolDrawer } from '../ports/drawer.ts';
import type { Tools } from '../ports/provider.ts';
import type { ConnectionStore } from '../writers/connection-store.ts';
import { A1111Client } from './a1111/a1111-client.ts';
import { openA1111, testA1111 } from './a1111/a1111-drawer.ts';
import { ComfyuiClient } from './comfyui/comfyui-client.ts';
import { openComfyui, testComfyui } from './comfyui/comfyui-drawer.ts';
import type { Meter } from './meter.ts';
import { openOpenAiImages, testOpenAiImages } from './openai-images/openai-images-drawer.ts';
import { ToolPlace } from './tool-place.ts';
import type { ToolOptions } from './tool-settings.ts';

export interface ToolParts {
  readonly network: Network;
  readonly connections: ConnectionStore;
  readonly pictures: PictureReader;
}

/** While one picture is fetched and kept, the next is drawn: a server never waits for the studio. */
const COMFYUI_WIDTH = 2;

/** The tools among the connections, each with a lane of its server. */
export function createTools({ network, connections, pictures }: ToolParts): Tools {
  const meterOf = (id: string): Meter => ({
    requireBudget: () => connections.requireBudget(connections.findTool(id)),
    count: (usage) => connections.count(id, usage),
  });
  const find = (connectionId: string) => connections.list().find(({ id }) => id === connectionId);
  return {
    laneOf: (connectionId) => {
      const known = find(connectionId);
      return `server ${known === undefined ? connectionId : new URL(known.address).host}`;
    },
    widthOf: (connectionId) => (find(connectionId)?.kind === 'comfyui' ? COMFYUI_WIDTH : 1),
    open: async (connectionId, signal) => {
      const connection = connections.findTool(connectionId);
      return openTool(new ToolPlace(network, connection), { pictures, meter: meterOf(connectionId) }, signal);
    },
  };
}

function openTool(place: ToolPlace, options: ToolOptions, signal: AbortSignal): Promise<ToolDrawer> {
  const { kind } = place.connection;
  switch (kind) {
    case 'comfyui':
      return openComfyui(new ComfyuiClient(place), options, signal);
    case 'a1111':
      return openA1111(new A1111Client(place), options, signal);
    case 'openai-images':
      return Promise.resolve(openOpenAiImages(place, options));
  }
}

/**
 * Asks a tool what it is and has, whether its model is there for one.
 * @throws StudioError as Tools.open does, with what is wrong in a sentence
 */
export async function testTool(network: Network, connection: ToolConnection, signal: AbortSignal): Promise<ToolTest> {
  const started = performance.now();
  const found = await describeTool(new ToolPlace(network, connection), signal);
  return { type: 'tool', ...found, totalMs: performance.now() - started };
}

function describeTool(place: ToolPlace, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const { kind } = place.connection;
  switch (kind) {
    case 'comfyui':
      return testComfyui(new ComfyuiClient(place), signal);
    case 'a1111':
      return testA1111(new A1111Client(place), signal);
    case 'openai-images':
      return testOpenAiImages(place, signal);
  }
}
