import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InstallAgreement } from '../../../contract/models/install.ts';
import { Hub } from '../../../main/downloads/hub.ts';
import { PythonEnvironment } from '../../../main/installs/conversion/python-environment.ts';
import { Installer } from '../../../main/installs/installer.ts';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import { PackPlaces } from '../../../main/packs/pack-places.ts';
import type { PackRegistry } from '../../../main/packs/pack-registry.ts';
import type { ZippedFile } from '../../helpers/write-zip.ts';
import type { HubRepository } from '../../helpers/hub-server.ts';
import { makeFolder } from '../downloads/fetch-test-files.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

const models = fileURLToPath(new URL('../../fixtures/models/', import.meta.url));

/** Agrees to whatever it is; tests of the agreement say their own. */
export const toAnything = (licence: string): InstallAgreement => ({ licence, bytes: 1e9 });

export interface TestInstaller {
  readonly installer: Installer;
  readonly packs: PackRegistry;
  readonly places: PackPlaces;
  readonly packsFolder: string;
}

/** An installer on an empty packs folder, with a consent for its hub; `variables` are the environment that a conversion sees. */
export async function openTestInstaller(endpoint = 'http://127.0.0.1:9', variables = process.env): Promise<TestInstaller> {
  const folder = await makeFolder();
  const { network } = await openTestNetwork();
  const hub = new Hub(network, { endpoint, cacheFolder: join(folder, 'hub') });
  await network.consents.allow({ origin: hub.origin, purpose: 'download', sends: ['address'], keeps: ['model'], shown: 'test' });
  const packsFolder = join(folder, 'packs');
  const placesFile = join(folder, 'pack-places.json');
  const places = await PackPlaces.open({ file: placesFile, remember: true, onRepair: () => undefined, clock: Date.now });
  const packs = createPackRegistry({
    embeddedFolder: join(folder, 'embedded'),
    userFolder: packsFolder,
    places: () => places.folders,
    verifiedFile: null,
    log: () => undefined,
  });
  let now = 0;
  const machine = () => ({ memoryBytes: 16e9, devices: ['cpu' as const] });
  const environment = new PythonEnvironment({ folder: join(folder, 'python'), environment: variables });
  const installer = new Installer({ packsFolder, hub, packs, environment, machine, clock: () => (now += 10) });
  return { installer, packs, places, packsFolder };
}

/** A copy of one of the tiny random exports of real classes. */
export async function copyModel(name: string): Promise<string> {
  const folder = join(await makeFolder(), name);
  cpSync(join(models, name), folder, { recursive: true });
  return folder;
}

/** The tiny scorer in the layout of a transformers.js repository. */
export async function makeScorerRepository(): Promise<string> {
  const folder = join(await makeFolder(), 'Tiny_CLIP');
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  cpSync(join(models, 'tiny-scorer', 'tokenizer'), folder, { recursive: true });
  for (const name of ['text_model', 'vision_model'])
    cpSync(join(models, 'tiny-scorer', `${name}.onnx`), join(folder, 'onnx', `${name}.onnx`));
  return folder;
}

/** The files of a folder as an archive has them, below `front`. */
export function filesOfFolder(folder: string, front: string): ZippedFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { name: front + path.slice(folder.length + 1).replaceAll('\\', '/'), content: readFileSync(path) };
  });
}

/** A folder as a repository of the hub. */
export function toRepository(name: string, folder: string, changes: Partial<HubRepository> = {}): HubRepository {
  const files = filesOfFolder(folder, '').map(({ name: path, content }): [string, Uint8Array] => [path, content]);
  return { name, commit: 'a'.repeat(40), licence: 'mit', files: new Map(files), ...changes };
}
