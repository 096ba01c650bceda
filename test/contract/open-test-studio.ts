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
  close(): Promise<void>;
}

/** A studio whose `client` is the page's: every call goes through the server. */
export interface ServedStudio extends TestStudio {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
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

/** What the suites of the contract run on: a transport changes no answer, which `over-http.test.ts` shows. */
export async function openInProcess(): Promise<TestStudio> {
  const { studio, close } = await openTemporary();
  return { studio, client: studio.client, close };
}

/** @param onCall is told the path of every call of a method */
export async function openOverHttp(onCall: (path: string) => void): Promise<ServedStudio> {
  const { studio, close } = await openTemporary();
  const server = await serveStudio({ studio, port: 0 });
  const { origin, token } = server;
  const headers = { authorization: `Bearer ${token}` };
  const send = (request: Request, init?: RequestInit) => {
    onCall(new URL(request.url).pathname);
    return fetch(request, init);
  };
  return {
    studio,
    client: createORPCClient(new RPCLink({ url: `${origin}/rpc`, headers, fetch: send })),
    origin,
    headers,
    close: async () => {
      await server.close();
      await close();
    },
  };
}
