import { join } from 'node:path';

import type { DeviceName } from '../../contract/studio-info.ts';
import { createEngineClient } from '../engine/create-engine-client.ts';
import { openJobQueue } from '../jobs/open-job-queue.ts';
import { openLibrary } from '../library/open-library.ts';
import { createPackRegistry } from '../packs/create-pack-registry.ts';
import { addSample } from './add-sample.ts';
import { ClosingList } from './closing-list.ts';
import { DeviceBoard } from './device-board.ts';
import { EventHub } from './event-hub.ts';
import type { JobServices } from './job-services.ts';
import { openFailureLog } from './open-failure-log.ts';
import { readVersions } from './read-versions.ts';
import { runJob } from './run-job.ts';
import type { StudioServices } from './studio-services.ts';
import { TokenizerShelf } from './tokenizer-shelf.ts';

export interface ServiceOptions {
  readonly dataFolder: string;
  readonly readOnly: boolean;
  /** Nothing needs to be remembered for another start. */
  readonly ephemeral: boolean;
  readonly defaultPackId: string;
  /** The artist's own packs; it need not exist. */
  readonly packsFolder: string;
  /** Null: the packs that came with the studio. */
  readonly embeddedPacksFolder: string | null;
  /** Null: the best of what is known to work. */
  readonly device: DeviceName | null;
  /** Where probes of devices are remembered. */
  readonly devicesFile: string;
  readonly clock: () => number;
}

export interface OpenedServices {
  readonly services: StudioServices;
  /** Stops what runs, ends every stream, and gives files and the library's lock back. */
  readonly close: () => Promise<void>;
}

/** The parts a job works with; each is put on the list of what to close. */
async function openJobServices(options: ServiceOptions, closing: ClosingList): Promise<JobServices> {
  const { dataFolder, readOnly, clock } = options;
  // First of all the library: its lock tells whether another studio is here already.
  const library = openLibrary({ folder: dataFolder, readOnly, clock });
  closing.add(() => library.close());
  const log = await openFailureLog(readOnly ? null : dataFolder);
  closing.add(log.close);
  for (const problem of library.problems) log.note(problem);
  const versions = await readVersions();
  const remember = !readOnly && !options.ephemeral;
  const devices = await DeviceBoard.open({
    file: options.devicesFile,
    remember,
    wanted: options.device,
    versions,
    note: log.note,
  });
  closing.add(() => devices.close());
  const { device, reason } = devices.choice;
  const engine = createEngineClient({
    device,
    deviceReason: reason,
    log: log.note,
    ...(remember ? { compileCacheFolder: join(dataFolder, 'cache', 'node') } : {}),
  });
  closing.add(() => engine.close());
  devices.guide(engine);
  const packs = createPackRegistry({
    ...(options.embeddedPacksFolder === null ? {} : { embeddedFolder: options.embeddedPacksFolder }),
    userFolder: options.packsFolder,
    verifiedFile: remember ? join(dataFolder, 'verified-packs.json') : null,
    log: log.note,
  });
  return {
    library,
    packs,
    engine,
    devices,
    versions,
    tokenizers: new TokenizerShelf(),
    defaultPackId: options.defaultPackId,
    logFailure: log.failure,
    note: log.note,
  };
}

function openQueue(options: ServiceOptions, jobs: JobServices) {
  return openJobQueue({
    // Beside a running studio the queue belongs to that one.
    file: options.readOnly ? ':memory:' : join(options.dataFolder, 'jobs.sqlite'),
    run: (job, context) => runJob(jobs, job, context),
    clock: options.clock,
    log: jobs.note,
    previewUrl: (jobId, number) => `/previews/${jobId}?step=${number}`,
  });
}

/** Tells every reader of the event stream what changes anywhere. */
function connectEvents({ library, engine }: JobServices, queue: StudioServices['queue'], closing: ClosingList): EventHub {
  const events = new EventHub();
  closing.add(library.subscribe((itemIds) => events.publish({ type: 'library-changed', itemIds: [...itemIds] })));
  closing.add(engine.onStatus((status) => events.publish({ type: 'engine-changed', engine: status })));
  closing.add(queue.subscribe((job) => events.publish({ type: 'job-changed', job })));
  return events;
}

/** Builds every service of the studio. What was opened is closed again when a later part cannot be. */
export async function openServices(options: ServiceOptions): Promise<OpenedServices> {
  const closing = new ClosingList();
  try {
    const jobs = await openJobServices(options, closing);
    const queue = openQueue(options, jobs);
    closing.add(() => queue.close());
    for (const problem of queue.problems) jobs.note(problem);
    const events = connectEvents(jobs, queue, closing);
    closing.add(() => events.close());
    queue.start();
    const { library, packs } = jobs;
    const services = {
      ...jobs,
      addSample: (packId: string, file: string) => addSample(library, packs, packId, file),
      queue,
      events,
      clock: options.clock,
    };
    return { services, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}
