import { StudioError } from '../../contract/errors.ts';
import { addressesOf, hasQueue, isTool } from '../../contract/outside/connection.ts';
import type { ToolConnection, ToolTest } from '../../contract/outside/connection.ts';
import type { PictureReader } from '../image/picture-reader.ts';
import type { Network } from '../network/network.ts';
import type { ToolDrawer } from '../ports/drawer.ts';
import type { Lane } from '../ports/lane.ts';
import type { Tools } from '../ports/provider.ts';
import type { ConnectionStore } from '../writers/connection-store.ts';
import { A1111Client } from './a1111/a1111-client.ts';
import { openA1111, testA1111 } from './a1111/a1111-drawer.ts';
import { ComfyuiClient } from './comfyui/comfyui-client.ts';
import { openComfyui, testComfyui } from './comfyui/comfyui-drawer.ts';
import { openPool } from './comfyui/pool-drawer.ts';
import type { PoolServer } from './comfyui/pool-drawer.ts';
import { openGoogleImages, testGoogleImages } from './google-images/google-images-drawer.ts';
import { InvokeaiClient } from './invokeai/invokeai-client.ts';
import { openInvokeai, testInvokeai } from './invokeai/invokeai-drawer.ts';
import { isPaidAgain, tellPaidAgain } from '../writers/may-cost.ts';
import { isMendedElsewhere } from '../writers/mended-elsewhere.ts';
import type { Meter } from './meter.ts';
import { openOpenAiImages, testOpenAiImages } from './openai-images/openai-images-drawer.ts';
import { usualTimes } from './run-queued.ts';
import { openStability, testStability } from './stability/stability-drawer.ts';
import { ToolPlace } from './tool-place.ts';
import type { ToolOptions } from './tool-settings.ts';

export interface ToolParts {
  readonly network: Network;
  readonly connections: ConnectionStore;
  readonly pictures: PictureReader;
}

/** While one picture is fetched and kept, the next is drawn: a server with a queue never waits for the studio. */
const QUEUE_WIDTH = 2;
/** Of several servers, one that could not be reached goes last for so long. */
const REST_MS = 60_000;
/** Of several servers, how long one may be away before another takes over: an instant of the network is not the end of a server. */
const AWAY_MS = 2_000;

const laneOfHost = (address: string): Lane => `server ${new URL(address).host}`;

/** The tools among the connections, each with a lane for each of its servers. */
export function createTools({ network, connections, pictures }: ToolParts): Tools {
  const meterOf = (id: string): Meter => ({
    requireBudget: () => connections.requireBudget(connections.findTool(id)),
    count: (usage) => connections.count(id, usage),
  });
  const find = (connectionId: string) => connections.list().find(({ id }) => id === connectionId);
  /** Until when, by hosts. */
  const resting = new Map<string, number>();
  const isResting = (host: string): boolean => (resting.get(host) ?? 0) > performance.now();
  return {
    lanesOf: (connectionId) => {
      const known = find(connectionId);
      if (known === undefined) return [`server ${connectionId}`];
      const [first = known.address, ...others] = addressesOf(known);
      return [laneOfHost(first), ...others.map(laneOfHost)];
    },
    widthOf: (connectionId) => (hasQueue(find(connectionId)?.kind) ? QUEUE_WIDTH : 1),
    brokenOff: (connectionId, count) => {
      const known = find(connectionId);
      return known !== undefined && isTool(known) && isPaidAgain(known) ? tellBrokenOff(known, count) : null;
    },
    open: async (connectionId, lane, signal) => {
      const connection = connections.findTool(connectionId);
      const options = { pictures, meter: meterOf(connectionId) };
      if (connection.moreAddresses.length === 0) return openTool(new ToolPlace(network, connection), options, signal);
      const rankOf = ({ host }: ToolPlace): number => (isResting(host) ? 2 : 0) + (lane === `server ${host}` ? 0 : 1);
      const servers = addressesOf(connection)
        .map((address) => new ToolPlace(network, connection, address))
        // Sorting keeps the order of those that are alike.
        .sort((a, b) => rankOf(a) - rankOf(b))
        .map((place) => poolServer(place, options));
      const isMovable = (error: StudioError): boolean => isMendedElsewhere(error.toBody(), connection);
      const onAway = (host: string): void => void resting.set(host, performance.now() + REST_MS);
      return openPool(servers, { isMovable, onAway }, signal);
    },
  };
}

function tellBrokenOff({ id, address }: ToolConnection, count: number): StudioError {
  const { host } = new URL(address);
  const hint = `It is not asked for again by itself. See what that service lists, then draw it again if you want it. ${tellPaidAgain(count)}`;
  const message = `This was broken off while ${host} was drawing the picture, which may be paid all the same.`;
  return new StudioError('tool-failed', message, hint, { connection: id, host, mayBePaid: true });
}

const poolServer = (place: ToolPlace, options: ToolOptions): PoolServer => ({
  host: place.host,
  open: (signal) => openComfyui(new ComfyuiClient(place), { ...options, times: { ...usualTimes, awayMs: AWAY_MS } }, signal),
});

function openTool(place: ToolPlace, options: ToolOptions, signal: AbortSignal): Promise<ToolDrawer> {
  const { kind } = place.connection;
  switch (kind) {
    case 'comfyui':
      return openComfyui(new ComfyuiClient(place), options, signal);
    case 'a1111':
      return openA1111(new A1111Client(place), options, signal);
    case 'openai-images':
      return Promise.resolve(openOpenAiImages(place, options));
    case 'invokeai':
      return openInvokeai(new InvokeaiClient(place), options, signal);
    case 'stability':
      // In a promise, so that a model it does not have is told like everything else.
      return Promise.resolve().then(() => openStability(place, options));
    case 'google-images':
      return Promise.resolve(openGoogleImages(place, options));
  }
}

/**
 * Asks a tool what it is and has, each of its servers: whether its model is there for one. What is told of several is what all of them have.
 * @throws StudioError as Tools.open does, with what is wrong in a sentence
 */
export async function testTool(network: Network, connection: ToolConnection, signal: AbortSignal): Promise<ToolTest> {
  const started = performance.now();
  const places = addressesOf(connection).map((address) => new ToolPlace(network, connection, address));
  const [first, ...others] = await Promise.all(places.map((place) => describeTool(place, signal)));
  if (first === undefined) throw new Error('a tool without a server');
  const common = {
    ...first,
    program: [...new Set([first, ...others].map(({ program }) => program))].join(', '),
    models: first.models.filter((model) => others.every(({ models }) => models.includes(model))),
    schedulers: Math.min(first.schedulers, ...others.map(({ schedulers }) => schedulers)),
  };
  return { type: 'tool', ...common, totalMs: performance.now() - started };
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
    case 'invokeai':
      return testInvokeai(new InvokeaiClient(place), signal);
    case 'stability':
      return testStability(place, signal);
    case 'google-images':
      return testGoogleImages(place, signal);
  }
}
