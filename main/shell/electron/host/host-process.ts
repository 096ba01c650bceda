import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { openStudio } from '../../../studio.ts';
import { toErrorBody } from '../../../studio.ts';
import { createRequestListener } from '../../server/create-request-listener.ts';
import { hostName, hostOrderSchema } from './host-protocol.ts';
import type { HostOrder, HostReport } from './host-protocol.ts';

/** The host: plain Node that owns the library and starts the engine, and answers the desktop program over a socket. */

type OpenOrder = Extract<HostOrder, { type: 'open' }>;

interface OpenHost {
  takeSecrets(values: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

function report(message: HostReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

async function listen(server: Server, socketPath: string): Promise<void> {
  const isPipe = socketPath.startsWith('\\\\.\\pipe\\');
  // A host that was killed leaves its socket's file behind. The folder is ours alone, so nobody else's is removed.
  if (!isPipe) await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (!isPipe) await chmod(socketPath, 0o600);
}

async function openHost({ socketPath, token, secrets }: OpenOrder): Promise<OpenHost> {
  const studio = await openStudio();
  studio.takeSecrets(secrets);
  const access = { token, cookieName: 'dediffusion', hosts: new Set([hostName]), origins: [] };
  const server = createServer(createRequestListener({ studio, access, pageFiles: new Map() }));
  try {
    await listen(server, socketPath);
  } catch (error) {
    await studio.close();
    throw error;
  }
  return {
    takeSecrets: (values) => studio.takeSecrets(values),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await studio.close();
      await closed;
    },
  };
}

let host: Promise<OpenHost> | null = null;

function takeSecrets(values: Readonly<Record<string, string>>): void {
  // One that does not open takes nothing, and says why itself.
  host?.then((opened) => opened.takeSecrets(values)).catch(() => undefined);
}

async function end(): Promise<void> {
  // A host that could not be opened has nothing to close, and has reported why.
  const open = await host?.catch(() => null);
  await open?.close();
  process.exit(0);
}

async function open(order: OpenOrder): Promise<void> {
  host = openHost(order);
  try {
    await host;
    await report({ type: 'ready' });
  } catch (error) {
    // The log that numbers failures belongs to the studio that did not open; the program keeps what is written here.
    const logFailure = (failure: unknown): string => {
      process.stderr.write(`${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}\n`);
      return 'host';
    };
    await report({ type: 'refused', error: toErrorBody(error, logFailure) });
    process.exit(0);
  }
}

process.on('message', (message) => {
  const read = hostOrderSchema.safeParse(message);
  // What cannot be read costs nothing that is being done. Keys may stand in it, so that no more is written of it.
  if (!read.success) process.stderr.write('an order of the program could not be read\n');
  else if (read.data.type === 'close') void end();
  else if (read.data.type === 'secrets') takeSecrets(read.data.values);
  else if (host === null) void open(read.data);
});
// The program is gone, however it went: nobody is left to serve.
process.once('disconnect', () => void end());
// Ctrl+C in a terminal reaches the whole group; the program decides when the host ends.
process.on('SIGINT', () => undefined);
