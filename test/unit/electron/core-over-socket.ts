import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AskCore } from '../../../main/shell/electron/window/add-files.ts';
import { forwardRequest } from '../../../main/shell/electron/host/forward-request.ts';
import { hostName } from '../../../main/shell/electron/host/host-protocol.ts';
import { createRequestListener } from '../../../main/shell/server/create-request-listener.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';

export interface CoreOverSocket {
  readonly core: Studio;
  /** Asks the core as the desktop program does. */
  readonly ask: AskCore;
  close(): Promise<void>;
}

/** A core with an empty library behind a socket, as the desktop program has it. */
export async function openCoreOverSocket(): Promise<CoreOverSocket> {
  const folder = await mkdtemp(join(tmpdir(), 'core-over-socket-'));
  const address = { socketPath: join(folder, 'host'), token: 'a-token' };
  const core = await openStudio({ ephemeral: true, device: 'cpu' });
  const access = { token: address.token, cookieName: 'dediffusion', hosts: new Set([hostName]), origins: [] };
  const server = createServer(createRequestListener({ studio: core, access, pageFiles: new Map() }));
  await new Promise<void>((resolve) => server.listen(address.socketPath, resolve));
  return {
    core,
    ask: (request) => forwardRequest(request, address),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await core.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
