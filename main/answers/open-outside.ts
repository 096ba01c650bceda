import { findPackageJSON } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { Hub } from '../downloads/hub.ts';
import { readHubPlaces } from '../downloads/hub-places.ts';
import type { HubPlaces } from '../downloads/hub-places.ts';
import { UpdateFeed } from '../downloads/update-feed.ts';
import { DeviceParts } from '../installs/parts/device-parts.ts';
import { readPartsList } from '../installs/parts/read-parts-list.ts';
import type { Environment } from '../network/choose-proxy.ts';
import { ConsentStore } from '../network/consent-store.ts';
import { Network } from '../network/network.ts';
import type { Secrets } from '../network/secrets.ts';
import { TrafficLog } from '../network/traffic-log.ts';
import type { StudioVersions } from '../services/read-versions.ts';

export interface OutsideOptions {
  readonly secrets: Secrets;
  /** Where proxies, mirrors and keys are named. */
  readonly environment: Environment;
  /** What a person agreed to that may go out. */
  readonly consentsFile: string;
  /** Libraries that were installed for devices, and those on their way; it need not exist. */
  readonly partsFolder: string;
  /** Updates on their way; null for a studio that may not write there. */
  readonly updatesFolder: string | null;
  /** False for a studio that keeps nothing. */
  readonly remember: boolean;
  readonly versions: StudioVersions;
  readonly clock: () => number;
  /** Tells a person what was damaged or is not as it was named. */
  readonly tell: (sentence: string) => void;
}

/** The way out of this machine, and what comes in by it: models, newer versions of the program, libraries for devices. */
export async function openOutside(options: OutsideOptions) {
  const { environment, secrets, clock, remember, tell } = options;
  const consents = await ConsentStore.open({ file: options.consentsFile, remember, note: tell, clock });
  const network = new Network({ consents, secrets, traffic: new TrafficLog(clock), surroundings: { environment } });
  return {
    network,
    hub: new Hub(network, findHub(environment, tell)),
    updates: new UpdateFeed({ network, folder: options.updatesFolder, clock }),
    deviceParts: new DeviceParts({
      ...{ network, folder: options.partsFolder, keeps: remember, runtimeFile: findRuntime() },
      list: await readPartsList(environment, tell),
      ...{ onnxruntime: options.versions.onnxruntime, platform: process.platform, arch: process.arch, clock },
    }),
  };
}

/** A mirror that is none is told, and the public hub is meant: which is asked only by who agrees to that. */
function findHub(environment: Environment, tell: (sentence: string) => void): HubPlaces {
  try {
    return readHubPlaces(environment);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell(`${error.message} ${error.hint} Until then models come from the public hub.`);
    return readHubPlaces({ ...environment, HF_ENDPOINT: undefined });
  }
}

/** ONNX Runtime's own library, where it is one that looks for others beside itself. */
function findRuntime(): string | null {
  const manifest = findPackageJSON('onnxruntime-node', import.meta.url);
  if (manifest === undefined) return null;
  const file = join(dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch, 'libonnxruntime.so.1');
  return existsSync(file) ? file : null;
}
