import type { CatalogueLine } from '../../../contract/models/catalogue.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type {
  HubState,
  InstallAgreement,
  InstallChoice,
  InstallPlan,
  InstallSource,
  KeptInstall,
} from '../../../contract/models/install.ts';
import type { Job, JobRequest } from '../../../contract/job.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { isEnded } from '../core/job-list.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';

/** What a person is about to bring, until they agree to it or leave it. */
export interface AskedInstall {
  readonly source: InstallSource;
  readonly choice: InstallChoice;
  /** What the catalogue says; null for what is not in it. */
  readonly entry: CatalogueLine | null;
  /** What was found there; null until somebody may look. */
  readonly plan: InstallPlan | null;
  readonly looking: boolean;
  readonly error: ErrorBody | null;
}

type InstallJob = Job & { readonly request: Extract<JobRequest, { kind: 'install' }> };

/** What lies on this machine already: nobody else is asked about it. */
export function isHere({ type }: InstallSource): boolean {
  return type === 'folder' || type === 'checkpoint';
}

/** Models that can be brought here, those on their way, and those whose way was broken off. */
export class Models {
  #catalogue: readonly CatalogueLine[] | null = $state.raw(null);
  #hub: HubState | null = $state.raw(null);
  #kept: readonly KeptInstall[] = $state.raw([]);
  #asked: AskedInstall | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  readonly #client: StudioClient;
  readonly #jobs: JobList;

  constructor(client: StudioClient, jobs: JobList) {
    this.#client = client;
    this.#jobs = jobs;
  }

  /** Null until it has been read. */
  get catalogue(): readonly CatalogueLine[] | null {
    return this.#catalogue;
  }

  get hub(): HubState | null {
    return this.#hub;
  }

  /** What stopped and can go on; not what is on its way. */
  get kept(): readonly KeptInstall[] {
    return this.#kept.filter(({ packId }) => this.jobOf(packId) === null);
  }

  get asked(): AskedInstall | null {
    return this.#asked;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  /** The job that brings a pack, while it waits or runs. */
  jobOf(packId: string): InstallJob | null {
    return this.under.find((job) => job.request.packId === packId) ?? null;
  }

  /** Every install that waits or runs. */
  get under(): readonly InstallJob[] {
    return this.#jobs.all.filter((job): job is InstallJob => job.request.kind === 'install' && !isEnded(job));
  }

  /** The newest install of a pack, if it failed. */
  failureOf(packId: string): ErrorBody | null {
    const newest = this.#jobs.all.find(({ request }) => request.kind === 'install' && request.packId === packId);
    return newest?.state === 'failed' ? newest.error : null;
  }

  async load(): Promise<void> {
    this.#error = null;
    try {
      const { packs } = this.#client;
      [this.#catalogue, this.#hub, this.#kept] = await Promise.all([packs.catalogue(), packs.hub(), packs.keptInstalls()]);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }

  /** Looks at what would be brought. Nobody is asked before a person has agreed that the hub is. */
  async ask(source: InstallSource, choice: InstallChoice = {}): Promise<void> {
    const entry = this.#catalogue?.find(({ id }) => source.type === 'catalogue' && id === source.id) ?? null;
    this.#asked = { source, choice, entry, plan: null, looking: false, error: null };
    if (isHere(source) || this.#hub?.allowed === true) await this.#look();
  }

  leave(): void {
    this.#asked = null;
  }

  /** A person's yes to the hub, in the words they read; then what is there is looked at. */
  async allowHub(shown: string): Promise<void> {
    const hub = this.#hub;
    if (hub === null) return;
    const { origin, sends } = hub;
    await this.#client.network.allow({ origin, purpose: 'download', sends, keeps: ['model'], shown });
    this.#hub = { ...hub, allowed: true };
    await this.#look();
  }

  /** A person's yes to licence and size, and to the environment that a conversion needs. */
  async agree(): Promise<void> {
    const { plan, source, choice } = this.#asked ?? {};
    if (plan === null || plan === undefined || source === undefined) return;
    this.#asked = null;
    const environment = plan.environment === null ? {} : { environment: true };
    const agreed = { licence: plan.licence.name, bytes: plan.bytes, ...environment };
    await this.#start(plan.packId, plan.name, source, choice ?? {}, agreed);
  }

  /** What came is kept. */
  async pause(packId: string): Promise<void> {
    const job = this.jobOf(packId);
    if (job !== null) await this.#jobs.cancel(job.id);
    this.#kept = await this.#client.packs.keptInstalls();
  }

  resume({ packId, name, source, choice, agreed }: KeptInstall): Promise<void> {
    return this.#start(packId, name, source, choice, agreed);
  }

  /** Stops it and deletes what came. */
  async giveUp(packId: string): Promise<void> {
    const job = this.jobOf(packId);
    if (job !== null) await this.#jobs.cancel(job.id);
    this.#kept = await this.#client.packs.discardInstall({ packId });
  }

  async #start(
    packId: string,
    name: string,
    source: InstallSource,
    choice: InstallChoice,
    agreed: InstallAgreement,
  ): Promise<void> {
    const { id } = await this.#jobs.submit({ kind: 'install', packId, name, source, choice, agreed });
    await this.#jobs.whenEnded(id);
    await this.load();
  }

  async #look(): Promise<void> {
    const asked = this.#asked;
    if (asked === null) return;
    const { source, choice } = asked;
    this.#asked = { ...asked, looking: true, error: null };
    const looked = await this.#client.packs.plan({ source, choice }).then(
      (plan) => ({ plan, error: null }),
      (failure: unknown) => ({ plan: null, error: toErrorBody(failure) }),
    );
    // Meanwhile the person may have left it, or asked for another.
    if (this.#asked.source === source) this.#asked = { ...asked, ...looked, looking: false };
  }
}
