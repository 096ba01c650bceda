import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConsentStore } from '../../../main/network/consent-store.ts';
import { Network } from '../../../main/network/network.ts';
import type { NetworkOptions } from '../../../main/network/network.ts';
import { Secrets } from '../../../main/network/secrets.ts';
import { TrafficLog } from '../../../main/network/traffic-log.ts';
import { certificate } from './local-servers.ts';

/** A way out without any consent yet. Its clock counts up by one at each look. */
export async function openTestNetwork(
  surroundings: Partial<NetworkOptions['surroundings']> = {},
): Promise<{ network: Network; file: string; notes: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'network-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let now = 0;
  const clock = () => (now += 1);
  const file = join(folder, 'network.json');
  const notes: string[] = [];
  const environment = surroundings.environment ?? {};
  const network = new Network({
    consents: await ConsentStore.open({ file, remember: true, note: (line) => notes.push(line), clock }),
    secrets: new Secrets(environment),
    traffic: new TrafficLog(clock),
    surroundings: { ca: certificate, ...surroundings, environment },
  });
  return { network, file, notes };
}
