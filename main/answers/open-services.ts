import { join } from 'node:path';
import { recordsOfAJob } from '../../contract/job-records.ts';
import type { Device } from '../../contract/studio-info.ts';
import type { LibrariesFor } from '../engine/probe-devices.ts';
import { PythonEnvironment } from '../installs/conversion/python-environment.ts';
import { Installer } from '../installs/installer.ts';
import { CrashingGraphs } from '../packs/crashing-graphs.ts';
import { PackPlaces } from '../packs/pack-places.ts';
import { describeMachine } from './list-catalogue.ts';
import { BatchList } from '../batches/batch-list.ts';
import { openJobQueue } from '../jobs/open-job-queue.ts';
import { PictureReader } from '../image/picture-reader.ts';
import { nameOlderReadings } from '../library/name-older-readings.ts';
import { openLibrary } from '../library/open-library.ts';
import type { Environment } from '../network/choose-proxy.ts';
import type { Network } from '../network/network.ts';
import { Secrets } from '../network/secrets.ts';
import { createPackRegistry } from '../packs/create-pack-registry.ts';
import { createGraphRunner } from '../providers/kserve/create-graph-runner.ts';
import { createLocalProvider } from '../providers/local-provider.ts';
import { AccessKeyStore } from '../services/access-key-store.ts';
import { createTools } from '../providers/tools.ts';
import { BatchActions } from '../batches/batch-actions.ts';
import { ClosingList } from '../services/closing-list.ts';
import { KnownDevices } from '../services/known-devices.ts';
import { EventHub } from '../services/event-hub.ts';
import type { JobServices } from '../services/job-services.ts';
import { MeasuredPictures } from '../services/measured-pictures.ts';
import { openEngine } from '../services/open-engine.ts';
import { openFailureLog } from '../services/open-failure-log.ts';
import { openOutside } from './open-outside.ts';
import { openSimilarity } from '../likeness/open-similarity.ts';
import { readVersions } from '../services/read-versions.ts';
import { reportSettings } from './report-settings.ts';
import { needsOf, rankOf, runJob } from '../work/run-job.ts';
import { openTransfers, openTransferStore } from '../transfers/open-transfers.ts';
import { SettingsStore } from '../services/settings-store.ts';
import type { StudioServices } from './studio-services.ts';
import { createCaptioners } from '../writers/captioners.ts';
import { ConnectionStore } from '../writers/connection-store.ts';
import { openWriter } from '../writers/open-writer.ts';
import { TemplateStore } from '../writers/template-store.ts';
import { TokenTables } from '../services/token-tables.ts';
import { TokenizerCache } from '../services/tokenizer-cache.ts';
import { refusedPairsSchema, searchStateSchema, UnfinishedWork } from '../services/unfinished-work.ts';
import { compileCacheFolder } from '../files/compile-cache.ts';

export interface ServiceOptions {
  readonly dataFolder: string;
  readonly readOnly: boolean;
  /** Nothing needs to be remembered for another start. */
  readonly ephemeral: boolean;
  readonly defaultPackId: string;
  /** The artist's own packs; it need not exist. */
  readonly packsFolder: string;
  /** The environments of recipes in Python; it need not exist. */
  readonly pythonFolder: string;
  /** Libraries that were installed for devices; it need not exist. */
  readonly partsFolder: string;
  /** Null: the packs that came with the studio. */
  readonly embeddedPacksFolder: string | null;
  /** Null: the best of what is known to work. */
  readonly device: Device | null;
  /** Where probes of devices are remembered. */
  readonly devicesFile: string;
  /** What a person set for the core. */
  readonly settingsFile: string;
  /** Packs that lie elsewhere. */
  readonly packPlacesFile: string;
  /** Graphs that ended the engine. */
  readonly crashingGraphsFile: string;
  /** What a person agreed to that may go out. */
  readonly consentsFile: string;
  /** Language models and tools a person connected, and what the former are asked with. */
  readonly connectionsFile: string;
  readonly templatesFile: string;
  /** Where proxies and keys of other programs are named. */
  readonly environment: Environment;
  readonly clock: () => number;
}

export interface OpenedServices {
  readonly services: StudioServices;
  /** Stops what runs, ends every stream, and gives files and the library's lock back. */
  readonly close: () => Promise<void>;
}

type OpenedParts = Pick<
  StudioServices,
  keyof JobServices | 'engine' | 'network' | 'updates' | 'deviceParts' | 'places' | 'connections' | 'templates' | 'accessKeys'
>;

/** The parts a job works with, and the engine behind them; each is put on the list of what to close. */
async function openJobServices(options: ServiceOptions, secrets: Secrets, closing: ClosingList): Promise<OpenedParts> {
  const { dataFolder, readOnly, clock } = options;
  // First of all the library: its lock tells whether another studio is here already.
  const remember = !readOnly && !options.ephemeral;
  const compiled = remember ? compileCacheFolder(dataFolder) : null;
  const pictures = new PictureReader({ mostProcesses: 2, standsBack: true, compileCacheFolder: compiled });
  const library = openLibrary({ folder: dataFolder, readOnly, clock, pictures });
  closing.add(() => library.close());
  closing.add(() => pictures.close());
  const log = await openFailureLog(readOnly ? null : dataFolder, (text) => secrets.redact(text));
  closing.add(log.close);
  for (const problem of library.problems) log.note(problem);
  const told: string[] = [];
  const tellRepair = (sentence: string): void => {
    told.push(sentence);
    log.note(sentence);
  };
  const versions = await readVersions();
  const settings = await SettingsStore.open({ file: options.settingsFile, remember, clock, onRepair: tellRepair });
  const { hub, ...outside } = await openOutside({
    ...{ secrets, environment: options.environment, versions, clock, remember, tell: tellRepair },
    ...{ consentsFile: options.consentsFile, partsFolder: options.partsFolder },
    // Updates on their way can be fetched again, so they lie in the cache.
    updatesFolder: remember ? join(dataFolder, 'cache', 'updates', 'incoming') : null,
  });
  const { network, deviceParts } = outside;
  const librariesFor: LibrariesFor = (device) => deviceParts.folderFor(device);
  const wanted = settings.settings.device;
  const devices = await KnownDevices.open({
    file: options.devicesFile,
    remember,
    fixed: options.device,
    wanted: wanted === 'auto' ? null : wanted,
    versions,
    librariesFor,
    note: log.note,
  });
  closing.add(() => devices.close());
  const lists = await openLists(options, network, tellRepair);
  const crashing = new CrashingGraphs({ file: options.crashingGraphsFile, remember, log: log.note });
  const engine = openEngine({
    settings,
    devices,
    crashing,
    compileCacheFolder: compiled,
    librariesFor,
    elsewhere: createGraphRunner({ network, connections: lists.connections }),
    log: log.note,
  });
  closing.add(() => engine.close());
  const places = await PackPlaces.open({ file: options.packPlacesFile, remember, onRepair: tellRepair, clock });
  const packs = createPackRegistry({
    ...(options.embeddedPacksFolder === null ? {} : { embeddedFolder: options.embeddedPacksFolder }),
    userFolder: options.packsFolder,
    places: () => places.folders,
    verifiedFile: remember ? join(dataFolder, 'verified-packs.json') : null,
    crashing,
    log: log.note,
  });
  const batches = new BatchList({ file: readOnly ? ':memory:' : join(dataFolder, 'batches.sqlite'), clock });
  closing.add(() => batches.close());
  for (const problem of batches.problems) tellRepair(problem);
  const models = createLocalProvider(engine, versions);
  return {
    library,
    pictures,
    packs,
    places,
    ...outside,
    installer: new Installer({
      packsFolder: options.packsFolder,
      hub,
      packs,
      environment: new PythonEnvironment({ folder: options.pythonFolder, environment: options.environment }),
      machine: () => describeMachine(devices),
      clock,
    }),
    batches,
    engine,
    models,
    captioners: createCaptioners({ network, connections: lists.connections, packs, models }),
    tools: createTools({ network, connections: lists.connections, pictures }),
    ...lists,
    openWriter: (id) => openWriter({ connections: lists.connections, network, packs, dataFolder }, id),
    devices,
    settings,
    versions,
    tokenizers: new TokenizerCache(),
    tokenTables: new TokenTables(remember ? join(dataFolder, 'cache', 'token-tables') : null),
    unfinishedSearches: new UnfinishedWork(remember ? join(dataFolder, 'cache', 'searches') : null, searchStateSchema),
    unfinishedMatrices: new UnfinishedWork(remember ? join(dataFolder, 'cache', 'matrices') : null, refusedPairsSchema),
    measured: new MeasuredPictures(),
    redact: (text) => secrets.redact(text),
    defaultPackId: () => settings.settings.packId ?? options.defaultPackId,
    clock,
    logFailure: log.failure,
    note: log.note,
    tellRepair,
    repairs: () => [...library.repairs, ...told],
  };
}

async function openLists(options: ServiceOptions, network: Network, onRepair: (sentence: string) => void) {
  const stored = { remember: !options.readOnly && !options.ephemeral, clock: options.clock, onRepair };
  return {
    // A throw-away studio asks the artist's own connections, and whoever is paid there has been paid.
    connections: await ConnectionStore.open({ ...stored, file: options.connectionsFile, counts: !options.readOnly }, network),
    templates: await TemplateStore.open({ ...stored, file: options.templatesFile }),
    accessKeys: await AccessKeyStore.open({ ...stored, file: join(options.dataFolder, 'access-keys.json') }),
  };
}

function openQueue(options: ServiceOptions, jobs: JobServices) {
  return openJobQueue({
    // Beside a running studio the queue belongs to that one.
    file: options.readOnly ? ':memory:' : join(options.dataFolder, 'jobs.sqlite'),
    run: (job, context) => runJob(jobs, job, context),
    records: nameOlderReadings(recordsOfAJob, jobs.library.readings.addNow),
    clock: options.clock,
    log: jobs.note,
    needsOf: (request) => needsOf(request, jobs),
    rankOf: (request) => rankOf(request, jobs),
    previewUrl: (jobId, number) => `/previews/${jobId}?step=${number}`,
  });
}

/** Tells every reader of the event stream what changes anywhere. */
function connectEvents({ library, engine }: OpenedParts, queue: StudioServices['queue'], closing: ClosingList): EventHub {
  const events = new EventHub();
  closing.add(library.subscribe((itemIds) => events.publish({ type: 'library-changed', itemIds: [...itemIds] })));
  closing.add(engine.onStatus((status) => events.publish({ type: 'engine-changed', engine: status })));
  closing.add(queue.subscribe((job) => events.publish({ type: 'job-changed', job })));
  return events;
}

/** Batches reach the readers of the stream as they are told to a person: with what their jobs are doing. */
function openBatchActions(
  options: ServiceOptions,
  jobs: JobServices,
  queue: StudioServices['queue'],
  events: EventHub,
): BatchActions {
  const { batches: list, library } = jobs;
  const actions = new BatchActions({ list, queue, library, clock: options.clock });
  list.subscribe((batchId) => {
    const batch = batchId === null ? null : actions.find(batchId);
    if (batch !== null) events.publish({ type: 'batch-changed', batch });
    if (batchId === null) events.publish({ type: 'batches-listed', batchIds: list.list().map(({ id }) => id) });
  });
  return actions;
}

/** Builds every service of the studio. What was opened is closed again when a later part cannot be. */
export async function openServices(options: ServiceOptions): Promise<OpenedServices> {
  const closing = new ClosingList();
  try {
    const secrets = new Secrets(options.environment);
    const jobs = await openJobServices(options, secrets, closing);
    const { network } = jobs;
    const { connections, note: log, tellRepair } = jobs;
    const store = openTransferStore(options.readOnly ? null : options.dataFolder, options.clock, closing, tellRepair);
    const queue = openQueue(options, jobs);
    closing.add(() => queue.close());
    for (const problem of queue.problems) jobs.tellRepair(problem);
    const events = connectEvents(jobs, queue, closing);
    closing.add(() => events.close());
    const similarity = openSimilarity(jobs, options.readOnly ? null : options.dataFolder, closing, options.clock);
    const batchActions = openBatchActions(options, jobs, queue, events);
    const { clock } = options;
    const transfers = openTransfers({ store, queue, similarity, connections, clock, log }, events, closing);
    queue.start();
    const services = {
      ...jobs,
      folders: { data: options.dataFolder, logs: join(options.dataFolder, 'logs'), packs: options.packsFolder },
      queue,
      batchActions,
      events,
      similarity,
      transfers,
    };
    const tellOfNetwork = (): void => events.publish({ type: 'network-changed', report: network.report() });
    closing.add(network.traffic.subscribe(tellOfNetwork));
    // What an answer took is counted when it is whole, which is after its last byte came in.
    closing.add(connections.subscribe(tellOfNetwork));
    closing.add(jobs.settings.subscribe(() => events.publish({ type: 'settings-changed', report: reportSettings(services) })));
    return { services, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}
