import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudioClient } from '../../contract/methods.ts';
import { serveStudio } from '../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../main/studio.ts';
import type { Studio } from '../../main/studio.ts';

export const PACK_ID = 'tiny-scenes';
/** The embedded pack is part of the project; only a checkout without its weights lacks it. */
export const hasPack = existsSync(new URL(`../../models/packs/${PACK_ID}/pack.json`, import.meta.url));

export interface TestStudio {
  readonly studio: Studio;
  readonly client: StudioClient;
  /** Null for the in-process transport. */
  readonly origin: string | null;
  readonly token: string | null;
  close(): Promise<void>;
}

export interface Transport {
  readonly name: string;
  readonly open: () => Promise<TestStudio>;
}

const openTemporary = async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-test-'));
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  const close = async () => {
    await studio.close();
    await rm(dataFolder, { recursive: true, force: true });
  };
  return { studio, close };
};

/** For tests of what is above the transports. */
export async function openInProcess(): Promise<TestStudio> {
  const { studio, close } = await openTemporary();
  return { studio, client: studio.client, origin: null, token: null, close };
}

async function openOverHttp(): Promise<TestStudio> {
  const { studio, close } = await openTemporary();
  const server = await serveStudio({ studio, port: 0 });
  const { origin, token } = server;
  const link = new RPCLink({ url: `${origin}/rpc`, headers: { authorization: `Bearer ${token}` } });
  return {
    studio,
    client: createORPCClient(link),
    origin,
    token,
    close: async () => {
      await server.close();
      await close();
    },
  };
}

/** The same suite runs over each of these: what one transport answers, all do. */
export const transports: readonly Transport[] = [
  { name: 'in process', open: openInProcess },
  { name: 'over HTTP', open: openOverHttp },
];
