import { createRouterClient } from '@orpc/server';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LibraryItem } from '../contract/library.ts';
import type { StudioClient } from '../contract/methods.ts';
import type { SentReport } from '../contract/outside/network.ts';
import type { Reading } from '../contract/texts/reading.ts';
import type { Device, DeviceProbe } from '../contract/studio-info.ts';
import { defaultImageLimits } from './image/image-limits.ts';
import { addPicture } from './answers/add-picture.ts';
import type { AddPictureOptions, NewPictureSource } from './answers/add-picture.ts';
import { answerContract } from './answers/answer-contract.ts';
import type { StudioRouter } from './answers/answer-contract.ts';
import { drawSheet } from './answers/draw-sheet.ts';
import type { Sheet } from './answers/draw-sheet.ts';
import { findSample } from './answers/find-sample.ts';
import type { FoundSample } from './answers/find-sample.ts';
import { locateDataFolder } from './files/locate-data-folder.ts';
import { openServices } from './answers/open-services.ts';
import type { OpenedServices } from './answers/open-services.ts';
import type { AccessKeyStore } from './services/access-key-store.ts';
import { toSaneClock } from './storage/create-id.ts';
import { layOutSheet } from './transfers/export-transfer.ts';
import type { LogFailure } from './services/to-wire-error.ts';

// What shells need beside the studio itself; they import nothing behind this file.
export type { StudioRouter } from './answers/answer-contract.ts';
export type { CallContext } from './answers/implement-contract.ts';
export { matrixPage } from './answers/matrix/matrix-page.ts';
export type { PageCell } from './answers/matrix/matrix-page.ts';
export { matrixSheet } from './answers/matrix/matrix-sheet.ts';
export { explainChecks } from './language/explain-checks.ts';
export { composeA1111 } from './metadata/compose-texts.ts';
export { nameSampler } from './metadata/name-sampler.ts';
export { nameScheduler } from './metadata/name-scheduler.ts';
export { readPromptFile } from './prompt/parse-prompt-file.ts';
export { toErrorBody, toWireError } from './services/to-wire-error.ts';
export type { LogFailure } from './services/to-wire-error.ts';

export interface StudioOptions {
  /** Where library, jobs, packs and log lie. Default: DEDIFFUSION_HOME or the system's place for a program's data. */
  readonly dataFolder?: string;
  /** Works in a temporary folder that is removed at close: for commands that keep nothing. */
  readonly ephemeral?: boolean;
  /** Opens the library beside a running studio, to look at it: nothing can be added, and jobs are not kept. */
  readonly readOnly?: boolean;
  /** The pack that is used where none is named. Default: the embedded one. */
  readonly defaultPackId?: string;
  /** Folder of the packs that came with the studio. Default: `models/packs` beside the core. */
  readonly embeddedPacksFolder?: string;
  /** Where models run. Default: the best of the devices known to work, the processor at the first start. */
  readonly device?: Device;
  /** Where proxies and keys of other programs are named. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** A file for whoever streams it. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** A library item that is a picture someone brought. */
export type AddedPicture = Extract<LibraryItem, { kind: 'picture' }>;

/**
 * The whole core: every service, and the contract they answer. A shell (server, command line, desktop) opens one and talks to
 * it through `client` or `router`; only bytes, which the contract does not carry, have methods of their own.
 */
export interface Studio {
  /** Calls the contract in this process, with the same checks and errors as over a wire. */
  readonly client: StudioClient;
  readonly router: StudioRouter;
  readonly dataFolder: string;
  readonly limits: { readonly imageBytes: number };
  /** Adds a picture file, its bytes, or its bytes as they come, to the library. Bytes it has already give the same item. */
  addImage(source: NewPictureSource, options?: AddPictureOptions): Promise<AddedPicture>;
  readImage(sha256: string): Promise<Uint8Array>;
  locateImage(sha256: string): Promise<StoredFile>;
  /** A picture as it leaves the studio as a file: whole, or without what it says of itself where the settings ask for that. */
  readForSaving(sha256: string, signal?: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string }>;
  /** What a page shows of a picture: itself, or a copy that every browser shows as the studio reads it. */
  locateShown(sha256: string): Promise<StoredFile>;
  /** A small copy of a picture for grids, made when first asked for. */
  locateThumbnail(sha256: string): Promise<StoredFile>;
  /** What was read in a picture, in the form of contract/texts/reading.ts. */
  locateReading(sha256: string): Promise<StoredFile>;
  readReading(sha256: string): Promise<Reading>;
  /** Pictures of the library as one grid, as PNG. */
  drawSheet(sheet: Sheet, signal?: AbortSignal): Promise<Uint8Array>;
  /** A transfer as one picture, as PNG: a line for each prompt, the original in front. */
  drawTransfer(transferId: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** A picture file without its texts, places and previews, and the names of what was taken out. Its pixels stay bit for bit. */
  stripPicture(path: string, signal?: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly removed: readonly string[] }>;
  locateSample(packId: string, file: string): Promise<StoredFile & Pick<FoundSample, 'sha256'>>;
  /** The newest picture of a running generation as PNG; null when there is none. */
  preview(jobId: string): Uint8Array | null;
  /** Tries every device of this machine, which takes seconds; `studio.info` knows them afterwards. */
  probeDevices(): Promise<readonly DeviceProbe[]>;
  /** Keys of other programs from the desktop's keychain, all there are: they stay in memory. */
  takeSecrets(values: Readonly<Record<string, string>>): void;
  /** Calls back when something goes out and when that has ended; returns the way to stop. */
  watchTraffic(listener: (sent: SentReport) => void): () => void;
  /** Which access key a program shows, and what becomes of it. */
  readonly accessKeys: Pick<AccessKeyStore, 'find' | 'allowsOrigin' | 'whenGone'>;
  /** Writes an unexpected failure to the log and gives the id under which it stands there. */
  readonly logFailure: LogFailure;
  /** Cancels what runs (it stays queued), ends every stream, and gives the library back. */
  close(): Promise<void>;
}

const EMBEDDED_PACK = 'tiny-scenes';

function composeStudio({ services, close }: OpenedServices, dataFolder: string): Studio {
  const { library, packs, queue, network, events } = services;
  const router = answerContract(services);
  return {
    client: createRouterClient(router, { context: { scope: 'person' } }),
    router,
    dataFolder,
    limits: { imageBytes: defaultImageLimits.maxBytes },
    addImage: (source, options) => addPicture(services, source, options),
    readImage: (sha256) => library.readImage(sha256),
    locateImage: (sha256) => {
      const { bytes, mediaType } = library.getImage(sha256);
      return Promise.resolve({ path: library.getImagePath(sha256), bytes, mediaType });
    },
    readForSaving: async (sha256, signal) => {
      const { mediaType } = library.getImage(sha256);
      if (!services.settings.settings.stripSaved) return { bytes: await library.readImage(sha256), mediaType };
      const { bytes } = await services.pictures.strip(library.getImagePath(sha256), { name: 'The picture', signal });
      return { bytes, mediaType };
    },
    locateShown: (sha256) => library.findView(sha256, 'shown'),
    locateThumbnail: (sha256) => library.findView(sha256, 'thumbnail'),
    locateReading: async (sha256) => {
      const path = library.readings.find(sha256);
      return { path, bytes: (await stat(path)).size, mediaType: 'application/octet-stream' };
    },
    readReading: (sha256) => library.readings.read(sha256),
    drawSheet: (sheet, signal) => drawSheet(services, sheet, signal),
    drawTransfer: (transferId, signal) => drawSheet(services, layOutSheet(library, services.transfers.get(transferId)), signal),
    stripPicture: (path, signal) => services.pictures.strip(path, { signal }),
    locateSample: async (packId, file) => ({ ...(await findSample(packs, packId, file)), mediaType: 'image/png' }),
    preview: (jobId) => queue.getPreview(jobId)?.bytes ?? null,
    probeDevices: () => services.devices.probe(),
    takeSecrets: (values) => {
      network.secrets.takeKeychain(values);
      events.publish({ type: 'network-changed', report: network.report() });
    },
    watchTraffic: (listener) => network.traffic.subscribe(listener),
    accessKeys: services.accessKeys,
    logFailure: services.logFailure,
    close,
  };
}

/**
 * Start here: builds every service and answers the contract.
 *
 * @throws StudioError library-in-use when another studio has this library, file-unwritable, disk-full
 */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const ephemeral = options.ephemeral === true;
  const dataFolder = ephemeral
    ? await mkdtemp(join(tmpdir(), 'dediffusion-'))
    : resolve(options.dataFolder ?? locateDataFolder());
  const removeTemporary = () => (ephemeral ? rm(dataFolder, { recursive: true, force: true }) : Promise.resolve());
  try {
    const opened = await openServices({
      dataFolder,
      readOnly: options.readOnly ?? false,
      ephemeral,
      defaultPackId: options.defaultPackId ?? EMBEDDED_PACK,
      // A throw-away studio keeps nothing of its own, but may use the packs the artist has.
      packsFolder: join(options.dataFolder ?? locateDataFolder(), 'packs'),
      pythonFolder: join(options.dataFolder ?? locateDataFolder(), 'python'),
      partsFolder: join(options.dataFolder ?? locateDataFolder(), 'device-parts'),
      embeddedPacksFolder: options.embeddedPacksFolder ?? null,
      device: options.device ?? null,
      devicesFile: join(options.dataFolder ?? locateDataFolder(), 'devices.json'),
      settingsFile: join(options.dataFolder ?? locateDataFolder(), 'settings.json'),
      packPlacesFile: join(options.dataFolder ?? locateDataFolder(), 'pack-places.json'),
      crashingGraphsFile: join(options.dataFolder ?? locateDataFolder(), 'crashing-graphs.json'),
      consentsFile: join(options.dataFolder ?? locateDataFolder(), 'network.json'),
      connectionsFile: join(options.dataFolder ?? locateDataFolder(), 'connections.json'),
      templatesFile: join(options.dataFolder ?? locateDataFolder(), 'templates.json'),
      environment: options.environment ?? process.env,
      clock: toSaneClock(options.clock ?? Date.now),
    });
    const close = async () => {
      await opened.close();
      await removeTemporary();
    };
    return composeStudio({ ...opened, close }, dataFolder);
  } catch (error) {
    await removeTemporary();
    throw error;
  }
}
