import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DevicePartsAgreement, DevicePartsOffer } from '../../../contract/outside/device-parts.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { DeviceName } from '../../../contract/studio-info.ts';
import { fetchFiles, measureRoom } from '../../downloads/fetch-files.ts';
import type { FetchFilesOptions } from '../../downloads/fetch-files.ts';
import { PartialFile } from '../../downloads/partial-file.ts';
import type { RemoteFile } from '../../downloads/remote-file.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { renamePatiently } from '../../files/rename-patiently.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Answer } from '../../network/answer.ts';
import type { Network } from '../../network/network.ts';
import { SerialQueue } from '../../running/serial-queue.ts';
import { toStorageError } from '../../storage/to-storage-error.ts';
import type { PartOfList, PartsList } from './read-parts-list.ts';
import { unpackLibraries } from './unpack-libraries.ts';

export interface DevicePartsOptions {
  readonly network: Network;
  /** What is installed lies in it, and what is on its way; it need not exist. */
  readonly folder: string;
  /** False for a studio that may not write there. */
  readonly keeps: boolean;
  readonly list: PartsList;
  /** The program's own library of ONNX Runtime, which looks for others beside itself; null where it has none of that kind. */
  readonly runtimeFile: string | null;
  readonly onnxruntime: string;
  /** As in `process.platform` and `process.arch`. */
  readonly platform: string;
  readonly arch: string;
  readonly clock: () => number;
}

export interface PartsBringing extends Pick<FetchFilesOptions, 'signal' | 'onProgress' | 'pause'> {
  /** All is here and right, and is being unpacked. */
  readonly onInstalling: () => void;
}

const INCOMING = '.incoming';
/** Written last, so that what was broken off is nothing. */
const READY_FILE = 'ready';

/**
 * Libraries that a device needs and the program cannot bring: fetched when a person asks for them, checked by their sums, and laid beside a
 * copy of ONNX Runtime's own library, which finds them there. Nothing of the program is changed, so that a read-only one works as well.
 */
export class DeviceParts {
  readonly #options: DevicePartsOptions;
  readonly #turns = new SerialQueue();
  /** Another list is another folder: what an older one brought is no part of it. */
  readonly #target: string;

  constructor(options: DevicePartsOptions) {
    this.#options = options;
    const { device, onnxruntime } = options.list;
    const sum = createHash('sha256').update(JSON.stringify(options.list)).digest('hex').slice(0, 12);
    this.#target = join(options.folder, `${device}-${onnxruntime}-${sum}`);
  }

  /** What could be brought here; null where nothing could. */
  async describe(): Promise<DevicePartsOffer | null> {
    if (!this.#isForHere) return null;
    const { device, driver, origin, parts } = this.#options.list;
    const incoming = join(this.#options.folder, INCOMING);
    const kept = await Promise.all(parts.map((part) => measureKept(toRemoteFile(part), incoming)));
    return {
      ...{ device, driver, origin, bytes: this.#bytes, diskBytes: this.#diskBytes },
      keptBytes: this.isInstalled ? 0 : kept.reduce((sum, bytes) => sum + bytes, 0),
      parts: parts.map(({ name, version, licence, bytes }) => ({ name, version, licence, bytes })),
    };
  }

  /** What they are for. */
  get device(): DeviceName {
    return this.#options.list.device;
  }

  get isInstalled(): boolean {
    return this.#isForHere && existsSync(join(this.#target, READY_FILE));
  }

  /** The folder that a process finds a device's libraries in; null where the program's own are all there are. */
  folderFor(device: DeviceName): string | null {
    return device === this.#options.list.device && this.isInstalled ? this.#target : null;
  }

  /**
   * Brings and installs them; what came before stays, and what is whole is not asked for again.
   *
   * @throws StudioError `bad-request` where there is nothing to bring or it is not what was agreed to, `download-damaged`,
   *   `download-refused`, `disk-full`, `file-unwritable`; as `Network.ask` does; the signal's reason, and then what came is kept
   */
  bring(agreed: DevicePartsAgreement, bringing: PartsBringing): Promise<void> {
    return this.#turns.run(() => this.#bring(agreed, bringing));
  }

  /** Takes away what is installed and what is on its way. Throws StudioError `file-unwritable`. */
  remove(): Promise<void> {
    return this.#turns.run(async () => {
      if (!this.#options.keeps) throw keepsNothing();
      try {
        await rm(this.#options.folder, { recursive: true, force: true });
      } catch (error) {
        throw toStorageError(error, this.#options.folder);
      }
    });
  }

  get #isForHere(): boolean {
    const { list, platform, arch, onnxruntime, runtimeFile } = this.#options;
    const isMeant = list.platform === platform && list.arch === arch && list.onnxruntime === onnxruntime;
    return isMeant && runtimeFile !== null;
  }

  get #bytes(): number {
    return this.#options.list.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get #diskBytes(): number {
    return this.#options.list.parts.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #bring(agreed: DevicePartsAgreement, { onInstalling, ...bringing }: PartsBringing): Promise<void> {
    const { list, runtimeFile, folder, keeps, clock, network } = this.#options;
    if (!this.#isForHere || runtimeFile === null) {
      const hint = 'The list of devices says which of them work here.';
      throw new StudioError('bad-request', 'There is nothing to bring for this system.', hint);
    }
    if (!keeps) throw keepsNothing();
    if (this.isInstalled) return;
    const licences = list.parts.map(({ licence }) => licence.name);
    if (agreed.bytes !== this.#bytes || agreed.licences.join('\n') !== licences.join('\n')) {
      const hint = 'Look at size and licences again, and install it once more if you agree.';
      throw new StudioError('bad-request', 'This is not what was agreed to.', hint, { bytes: this.#bytes });
    }
    network.consents.require(list.origin, 'download', ['address']);
    const incoming = join(folder, INCOMING);
    try {
      makeFolder(incoming, 'Choose another data folder.');
      await this.#requireRoom(incoming);
      await fetchFiles({
        ...{ folder: incoming, files: list.parts.map(toRemoteFile), copies: [], clock, ...bringing },
        source: {
          open: (file, range, signal) => this.#ask(file, range, signal),
          refusal: (answer) => refuse(answer),
        },
      });
      onInstalling();
      await this.#install(incoming, runtimeFile, bringing.signal);
    } catch (error) {
      bringing.signal.throwIfAborted();
      throw toStorageError(error, folder);
    }
  }

  async #install(incoming: string, runtimeFile: string, signal: AbortSignal): Promise<void> {
    const { list, folder } = this.#options;
    const unpacked = join(incoming, 'unpacked');
    await rm(unpacked, { recursive: true, force: true });
    await mkdir(unpacked);
    for (const part of list.parts) await unpackLibraries(join(incoming, nameOf(part)), part, unpacked, signal);
    await copyFile(runtimeFile, join(unpacked, basename(runtimeFile)));
    await writeWhole(join(unpacked, READY_FILE), '');
    await rm(this.#target, { recursive: true, force: true });
    await renamePatiently(unpacked, this.#target);
    // What came packed, and what an older version of the program had brought.
    for (const name of await readdir(folder))
      if (join(folder, name) !== this.#target) await rm(join(folder, name), { recursive: true, force: true });
  }

  /** Packed and unpacked they lie here together for a while. */
  async #requireRoom(incoming: string): Promise<void> {
    const kept = await Promise.all(this.#options.list.parts.map((part) => measureKept(toRemoteFile(part), incoming)));
    const neededBytes = this.#bytes + this.#diskBytes - kept.reduce((sum, bytes) => sum + bytes, 0);
    const freeBytes = await measureRoom(incoming);
    if (freeBytes === null || neededBytes <= freeBytes) return;
    const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
    throw new StudioError(
      'disk-full',
      `This needs ${gigabytes(neededBytes)} GB for a while, and the disk has ${gigabytes(freeBytes)} GB left.`,
      'Free some space on that disk and go on: what was fetched is kept.',
      { path: incoming, neededBytes, freeBytes },
    );
  }

  async #ask({ path }: RemoteFile, range: FileRange, signal: AbortSignal): Promise<Answer> {
    const part = this.#options.list.parts.find((one) => nameOf(one) === path);
    if (part === undefined) throw new Error(`no part is called ${path}`);
    return this.#options.network.ask({
      ...{ address: part.address, range, maxBytes: part.bytes, signal },
      ...{ purpose: 'download', sends: [] },
    });
  }
}

type FileRange = Parameters<FetchFilesOptions['source']['open']>[1];

const nameOf = ({ address }: PartOfList): string => basename(new URL(address).pathname);

function toRemoteFile(part: PartOfList): RemoteFile {
  return { path: nameOf(part), bytes: part.bytes, hash: { kind: 'sha256', hex: part.sha256 } };
}

async function measureKept(file: RemoteFile, folder: string): Promise<number> {
  return existsSync(join(folder, file.path)) ? file.bytes : PartialFile.measure(file, join(folder, file.path));
}

function keepsNothing(): StudioError {
  return new StudioError('file-unwritable', 'This studio keeps nothing, so nothing was installed.', 'Start it as its owner.');
}

function refuse({ url, status }: Answer): StudioError {
  const isMissing = status === 404 || status === 410;
  const message = isMissing ? `${url.host} does not have this part any more.` : `${url.host} did not give it (status ${status}).`;
  const hint = isMissing ? 'A newer version of the studio may know where it lies now.' : 'Try again later: what came is kept.';
  return new StudioError('download-refused', message, hint, { host: url.host, status, reason: isMissing ? 'missing' : 'status' });
}
