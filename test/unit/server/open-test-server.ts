import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import type { StudioServer } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { sendRequest } from './send-request.ts';
import type { Answer } from './send-request.ts';

export interface TestServer {
  readonly studio: Studio;
  readonly server: StudioServer;
  /** What a script sends to be let in. */
  readonly bearer: { readonly authorization: string };
  readonly send: (options: Parameters<typeof sendRequest>[1]) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** A real studio served from a page folder that has a file beside it which nobody may read. */
export async function openTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-page-'));
  const pageFolder = join(folder, 'page');
  await mkdir(join(pageFolder, 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(pageFolder, 'assets', 'main-abc123.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'not yours');
  const studio = await openStudio({ ephemeral: true, device: 'cpu' });
  const server = await serveStudio({ studio, port: 0, pageFolder });
  return {
    studio,
    server,
    bearer: { authorization: `Bearer ${server.token}` },
    send: (options) => sendRequest(server.origin, options),
    close: async () => {
      await server.close();
      await studio.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
