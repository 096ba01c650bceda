import { setTimeout as wait } from 'node:timers/promises';
import type { Job, JobRequest } from '../../../contract/job.ts';
import type { Host } from '../host.ts';
import type { RandomChoice } from '../random-choice.ts';
import { describeItem, nameOf } from './holdings.ts';
import type { Ledger } from './ledger.ts';
import { paintPicture } from './paint-picture.ts';

export interface PersonOptions {
  readonly host: Host;
  readonly ledger: Ledger;
  readonly choice: RandomChoice;
  /** Pictures that are read and never deleted, by sha256. */
  readonly sources: readonly string[];
  /** Tells apart what is made in this life of the host. */
  readonly life: string;
  /** True from when the host is about to be ended: what fails then is no fault. */
  readonly isOver: () => boolean;
  readonly onFault: (sentence: string) => void;
  /** Between two acts of a kind that need no engine; default 0. */
  readonly pauseMs?: number;
}

/** Items and batches beyond these are deleted, so that a thousand lives end with a library like that of the first. */
const mostItems = 120;
const mostBatches = 3;

/** Does everything at once that changes a library, enters into the ledger what was asked for and what was confirmed. */
export class BusyPerson {
  readonly #options: PersonOptions;
  /** Items in hand, so that no two things are done with one at a time. */
  readonly #inHand = new Set<string>();
  #made = 0;

  constructor(options: PersonOptions) {
    this.#options = options;
  }

  /** Resolves when the host is gone. */
  async work(): Promise<void> {
    const { pauseMs = 0 } = this.#options;
    const acts = [this.#bring, this.#write, this.#change, this.#clean, this.#file];
    const modelActs = [this.#runJob, this.#runBatch];
    await Promise.all([...acts.map((act) => this.#repeat(act, pauseMs)), ...modelActs.map((act) => this.#repeat(act, 0))]);
  }

  async #repeat(act: () => Promise<void>, pauseMs: number): Promise<void> {
    const { isOver, onFault } = this.#options;
    while (!isOver()) {
      try {
        await act.call(this);
        if (pauseMs > 0) await wait(pauseMs);
      } catch (error) {
        if (isOver()) return;
        onFault(`${act.name}: ${describe(error)}`);
        await wait(100);
      }
    }
  }

  #name(): string {
    this.#made += 1;
    return `${this.#options.life}-${this.#made}`;
  }

  async #bring(): Promise<void> {
    const { host, ledger, choice } = this.#options;
    const item = await host.upload(await paintPicture(choice), this.#name());
    ledger.confirm(nameOf.item(item.id), describeItem(item));
    if (item.kind === 'picture' && choice.chance(0.5))
      await host.send(`/${choice.of(['thumbnails', 'shown'])}/${item.image.sha256}`);
  }

  async #write(): Promise<void> {
    const { host, ledger } = this.#options;
    const { prompts } = host.client;
    let document = await prompts.create({ text: 'a red fox on a green hill' });
    document = await prompts.edit({ document, edit: { type: 'set-text', text: `a blue fox ${this.#name()}` } });
    const [slot] = document.slots;
    if (slot !== undefined) document = await prompts.edit({ document, edit: { type: 'weigh', slotIds: [slot.id], weight: 1.2 } });
    const item = await prompts.save({ document, title: this.#name() });
    ledger.confirm(nameOf.item(item.id), describeItem(item));
  }

  async #change(): Promise<void> {
    const { host, ledger, choice } = this.#options;
    await this.#withItem(async (itemId) => {
      const wanted = { title: this.#name(), starred: choice.chance(0.5), trashed: false };
      ledger.intend(nameOf.item(itemId), describeItem(wanted));
      ledger.confirm(nameOf.item(itemId), describeItem(await host.client.library.update({ itemId, ...wanted })));
    });
  }

  /** Deletes for good what is too much. */
  async #clean(): Promise<void> {
    const { host, ledger } = this.#options;
    const tooMany = ledger.names('item ').length - mostItems;
    if (tooMany <= 0) {
      await wait(20);
      return;
    }
    await this.#withItem(async (itemId) => {
      const wanted = { title: this.#name(), starred: false, trashed: true };
      ledger.intend(nameOf.item(itemId), describeItem(wanted));
      ledger.confirm(nameOf.item(itemId), describeItem(await host.client.library.update({ itemId, ...wanted })));
      ledger.intend(nameOf.item(itemId), null);
      await host.client.library.deleteForGood({ itemIds: [itemId] });
      ledger.confirm(nameOf.item(itemId), null);
    });
  }

  /** Boards and settings. */
  async #file(): Promise<void> {
    const { host, ledger, choice } = this.#options;
    const [oldest, ...others] = ledger.names('board ');
    if (oldest !== undefined && others.length > 5) {
      ledger.intend(oldest, null);
      await host.client.library.updateBoard({ boardId: oldest.slice('board '.length), deleted: true });
      ledger.confirm(oldest, null);
    }
    const board = await host.client.library.createBoard({ name: this.#name() });
    ledger.confirm(nameOf.board(board.id), board.name);
    const name = this.#name();
    ledger.intend(nameOf.board(board.id), name);
    await host.client.library.updateBoard({ boardId: board.id, name });
    ledger.confirm(nameOf.board(board.id), name);
    const minutes = 1 + choice.below(1000);
    ledger.intend(nameOf.idleMinutes, String(minutes));
    await host.client.settings.update({ unloadAfterIdleMinutes: minutes });
    ledger.confirm(nameOf.idleMinutes, String(minutes));
    await wait(choice.below(100));
  }

  async #runJob(): Promise<void> {
    const { host, ledger, choice, sources } = this.#options;
    const pictures = [choice.of(sources), choice.of(sources), choice.of(sources)];
    const settings = { steps: 1 + choice.below(6), seed: choice.below(1000), count: 1 + choice.below(2) };
    const requests: JobRequest[] = [
      { kind: 'encode', imageSha256s: [...new Set(pictures)], lengths: [5, 15] },
      { kind: 'generate', prompt: { type: 'text', text: 'a red fox' }, settings, parents: [] },
      { kind: 'roundtrip', imageSha256: choice.of(sources), lengths: [5], settings },
    ];
    const { id } = await host.client.jobs.submit(choice.of(requests));
    ledger.confirm(nameOf.job(id), 'there');
    this.#enter(await this.#awaitJob(id));
  }

  async #awaitJob(jobId: string): Promise<Job> {
    for (;;) {
      const job = await this.#options.host.client.jobs.get({ jobId });
      if (job.endedMs !== null) return job;
      await wait(20);
    }
  }

  /** A job that ended says what it has made. */
  #enter({ id, result, error, state }: Job): void {
    const { ledger, onFault } = this.#options;
    ledger.confirm(nameOf.endedJob(id), 'ended');
    if (state === 'failed' && error?.code !== 'engine-crashed' && error?.code !== 'engine-unavailable')
      onFault(`a job failed: ${JSON.stringify(error)}`);
    const itemIds =
      result?.kind === 'encode'
        ? result.images.flatMap((image) => image.itemIds)
        : result?.kind === 'generate'
          ? result.items.map((item) => item.id)
          : result?.kind === 'roundtrip'
            ? result.rounds.flatMap((round) => [round.itemId, ...round.items.map((item) => item.id)])
            : [];
    for (const itemId of itemIds) ledger.confirmPresence(nameOf.item(itemId));
  }

  async #runBatch(): Promise<void> {
    const { host, ledger, choice, sources } = this.#options;
    const { batches } = host.client;
    await this.#removeOldBatch();
    const draw = choice.chance(0.5) ? { steps: 2, seed: 3 } : null;
    const batch = await batches.create({ name: this.#name(), settings: { lengths: [5], draw } });
    ledger.confirm(nameOf.batch(batch.id), batch.name);
    const files = Array.from({ length: 1 + choice.below(30) }, () => ({
      name: `${this.#name()}.png`,
      sha256: choice.of(sources),
      error: null,
    }));
    await batches.add({ batchId: batch.id, files });
    for (let looks = 0; looks < 20; looks += 1) {
      const page = await batches.rows({ batchId: batch.id, limit: 1000 });
      for (const row of page.rows) {
        ledger.confirmPresence(nameOf.row(batch.id, row.id));
        if (row.state === 'done') ledger.confirmPresence(nameOf.doneRow(batch.id, row.id));
      }
      if (page.rows.every(({ state }) => state === 'done' || state === 'failed')) break;
      if (choice.chance(0.2)) {
        await batches.pause({ batchId: batch.id });
        await batches.resume({ batchId: batch.id });
      }
      await wait(50);
    }
  }

  async #removeOldBatch(): Promise<void> {
    const { host, ledger } = this.#options;
    const [oldest, ...others] = await host.client.batches.list();
    if (oldest === undefined || others.length < mostBatches) return;
    const names = ledger.names(nameOf.batch(oldest.id));
    for (const name of names) ledger.intend(name, null);
    await host.client.batches.remove({ batchId: oldest.id });
    for (const name of names) ledger.confirm(name, null);
  }

  async #withItem(act: (itemId: string) => Promise<void>): Promise<void> {
    const { ledger, choice } = this.#options;
    const free = ledger.names('item ').filter((name) => !this.#inHand.has(name));
    if (free.length === 0) {
      await wait(20);
      return;
    }
    const name = choice.of(free);
    this.#inHand.add(name);
    try {
      await act(name.slice('item '.length));
    } finally {
      this.#inHand.delete(name);
    }
  }
}

/** With what it was caused by: a connection that could not be had says nothing else. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause} ${JSON.stringify(error)}`;
}
