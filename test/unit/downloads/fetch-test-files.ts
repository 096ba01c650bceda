import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FetchReport } from '../../../main/downloads/fetch-files.ts';
import { fetchFiles } from '../../../main/downloads/fetch-files.ts';
import type { CopyPlace } from '../../../main/downloads/fetch-files.ts';
import { Hub } from '../../../main/downloads/hub.ts';
import { refusalAt } from '../../../main/downloads/refusals.ts';
import type { Network } from '../../../main/network/network.ts';
import type { HubRepository } from '../../helpers/hub-server.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

/** Bytes that look random and are the same for the same seed. */
export function makeBytes(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

export const small: HubRepository = {
  name: 'org/small',
  commit: 'c'.repeat(40),
  licence: 'mit',
  files: new Map([
    ['README.md', new TextEncoder().encode('# small\n')],
    ['onnx/model.onnx', makeBytes(300_000, 1)],
    ['onnx/text model.onnx', makeBytes(120_000, 2)],
    ['empty.txt', new Uint8Array()],
  ]),
};

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'downloads-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function openTestHub(
  origin: string,
  surroundings: Parameters<typeof openTestNetwork>[0] = {},
): Promise<{ hub: Hub; network: Network }> {
  const { network } = await openTestNetwork(surroundings);
  const hub = new Hub(network, { endpoint: origin, cacheFolder: join(await makeFolder(), 'hub') });
  await network.consents.allow({ origin, purpose: 'download', sends: [...hub.sends], keeps: ['model'], shown: 'test' });
  return { hub, network };
}

export interface TestFetch {
  readonly signal?: AbortSignal;
  readonly onBytes?: (doneBytes: number) => void;
  readonly waits?: number[];
  readonly copies?: readonly CopyPlace[];
}

/** Brings a whole repository into a folder; waits between tries are only counted. */
export async function fetchAll(hub: Hub, repository: string, folder: string, options: TestFetch = {}): Promise<FetchReport> {
  const { signal = new AbortController().signal, onBytes = () => undefined, waits = [], copies = [] } = options;
  const revision = await hub.describe(repository, 'main', signal);
  let now = 0;
  return fetchFiles({
    folder,
    files: revision.files,
    source: {
      open: (file, range, stop) => hub.open(revision, file, range, stop),
      refusal: (answer) => refusalAt(answer, hub.origin, repository, hub.pageOf(repository)),
    },
    copies,
    signal,
    onProgress: ({ doneBytes }) => onBytes(doneBytes),
    pause: (waitMs) => Promise.resolve(void waits.push(waitMs)),
    clock: () => (now += 10),
  });
}
