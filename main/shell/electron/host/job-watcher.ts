import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { Job } from '../../../../contract/job.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { AskCore } from '../window/add-files.ts';
import { studioOrigin } from '../answer-scheme.ts';

export interface JobListener {
  /** 0..1 over all open jobs, or null when none runs. */
  onProgress(fraction: number | null): void;
  /** Whether any job runs or waits. Of a core that is away the last word holds: its jobs come back with it. */
  onWork(isWorking: boolean): void;
  onEnded(job: Job): void;
}

const isOpen = (job: Job) => job.state === 'queued' || job.state === 'running';

/**
 * Follows the core's jobs for the taskbar and for notifications. It listens for itself, because a page that is hidden,
 * reloading or crashed cannot tell.
 */
export class JobWatcher {
  readonly #client: StudioClient;
  readonly #listener: JobListener;
  readonly #jobs = new Map<string, Job>();
  #stop: AbortController | null = null;

  constructor(askCore: AskCore, listener: JobListener) {
    // The link's own Request carries what it needs; `fetch` of this process would go to the network.
    this.#client = createORPCClient(new RPCLink({ url: `${studioOrigin}/rpc`, fetch: (request) => askCore(request) }));
    this.#listener = listener;
  }

  /** Call whenever the core becomes ready; the stream of an earlier core is let go. */
  async follow(): Promise<void> {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    try {
      for await (const event of await this.#client.studio.events(undefined, { signal: stop.signal })) {
        if (stop.signal.aborted) return;
        if (event.type === 'hello') {
          // What ended while nobody listened is not told late.
          this.#jobs.clear();
          for (const job of event.jobs) this.#jobs.set(job.id, job);
        } else if (event.type === 'job-changed') {
          this.#receive(event.job);
        } else continue;
        this.#listener.onProgress(summariseJobs(this.#jobs.values()));
        this.#listener.onWork([...this.#jobs.values()].some(isOpen));
      }
    } finally {
      if (this.#stop === stop) this.#listener.onProgress(null);
    }
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
  }

  #receive(job: Job): void {
    const known = this.#jobs.get(job.id);
    // Results can be large and are the page's to show.
    this.#jobs.set(job.id, { ...job, result: null });
    if (!isOpen(job) && (known === undefined || isOpen(known))) this.#listener.onEnded(job);
  }
}

/** Progress of all open jobs as one number, 0..1, or null when nothing runs. Waiting jobs count as not begun. */
export function summariseJobs(jobs: Iterable<Job>): number | null {
  let open = 0;
  let sum = 0;
  let running = false;
  for (const job of jobs) {
    if (job.state !== 'queued' && job.state !== 'running') continue;
    open += 1;
    running ||= job.state === 'running';
    sum += job.state === 'running' ? job.progress.fraction : 0;
  }
  return running ? sum / open : null;
}
