import { cutText } from '../../../contract/texts/cut-text.ts';
import type { Batch, BatchTableFormat } from '../../../contract/batch.ts';
import type { StudioEvent } from '../../../contract/events.ts';
import type { ExportTarget } from '../../../contract/texts/prompt.ts';
import { BatchIntake } from './batch-intake.svelte.ts';
import { BatchPlan } from './batch-plan.svelte.ts';
import { BatchRows } from './batch-rows.svelte.ts';
import { nameFiles } from '../frame/list-files.ts';
import type { NamedFile } from '../frame/list-files.ts';
import type { Page } from '../page.svelte.ts';
import { say } from '../../language/say.ts';

/** What of the page it stands on. */
type Around = Pick<Page, 'sources' | 'notices' | 'preferences' | 'facts' | 'readers' | 'library' | 'place'>;

/** The batches as a person works with them: their list, the one that is open, and what is done with both. */
export class Batches {
  readonly intake: BatchIntake;
  readonly rows: BatchRows;
  readonly plan: BatchPlan;
  #list: readonly Batch[] | null = $state.raw(null);
  #picker: (what: 'folder' | 'files') => void = () => undefined;
  #picksInto: string | null = null;
  readonly #page: Around;

  constructor(page: Around) {
    this.#page = page;
    const { transport } = page.sources;
    this.intake = new BatchIntake(transport);
    this.rows = new BatchRows(transport.client);
    this.plan = new BatchPlan(
      page.preferences,
      () => page.facts.lengths,
      () => page.readers.all,
    );
  }

  /** In the order in which they are done; null until the core has told. */
  get list(): readonly Batch[] | null {
    return this.#list;
  }

  /** The one that is open. */
  get chosen(): Batch | null {
    return this.#list?.find(({ id }) => id === this.rows.batchId) ?? null;
  }

  /** Its pictures, texts and drawings, in the library. */
  async showResults(batchId: string): Promise<void> {
    const { id } = await this.#client.collect({ batchId });
    this.#page.library.showBoard(id);
    this.#page.place.show('library');
  }

  open(batchId: string): void {
    this.rows.open(batchId);
  }

  /** The batch that chosen files are for; null: a new one. */
  get picksInto(): string | null {
    return this.#picksInto;
  }

  /** The screen says how the system's dialog is opened. */
  attachPicker(picker: (what: 'folder' | 'files') => void): void {
    this.#picker = picker;
  }

  /** Opens the system's dialog, for a new batch or for one there is. */
  pick(what: 'folder' | 'files', into: string | null = null): void {
    this.#picksInto = into;
    this.#picker(what);
  }

  /** After every (re)connection. */
  async load(): Promise<void> {
    this.#take(await this.#client.list());
    const { chosen } = this;
    if (chosen !== null) this.rows.follow(chosen.id, chosen.revision);
  }

  receive(event: StudioEvent): void {
    if (this.#list === null || (event.type !== 'batch-changed' && event.type !== 'batches-listed')) return;
    if (event.type === 'batches-listed') {
      const known = new Map(this.#list.map((batch) => [batch.id, batch]));
      this.#take(event.batchIds.flatMap((id) => known.get(id) ?? []));
      return;
    }
    const { batch } = event;
    const before = this.#list.find(({ id }) => id === batch.id);
    if (before?.state === 'running' && batch.state === 'done') this.#tellEnd(batch);
    const isKnown = this.#list.some(({ id }) => id === batch.id);
    this.#take(isKnown ? this.#list.map((one) => (one.id === batch.id ? batch : one)) : [...this.#list, batch]);
    this.rows.follow(batch.id, batch.revision);
  }

  /** A new batch of these files, or more files for one. Resolves when all have arrived. */
  async take(files: readonly NamedFile[], batchId: string | null = null): Promise<void> {
    if (files.length === 0) {
      this.#page.notices.tell(say('batch.noPictureInIt'), say('batch.formats'));
      return;
    }
    const into = batchId ?? (await this.#create(nameFiles(files)));
    this.open(into);
    await this.intake.send(into, files);
  }

  async pause(batchId: string): Promise<void> {
    this.#put(await this.#client.pause({ batchId }));
  }

  async resume(batchId: string): Promise<void> {
    this.#put(await this.#client.resume({ batchId }));
  }

  /** Gives up the rows that wait; absent: all of them. */
  async cancel(batchId: string, rowIds?: readonly string[]): Promise<void> {
    if (rowIds === undefined) this.intake.stop(batchId);
    this.#put(await this.#client.cancel({ batchId, ...(rowIds === undefined ? {} : { rowIds: [...rowIds] }) }));
  }

  /** Failed and cancelled rows wait again; absent: all of them. Files that were refused are sent again while the page has them. */
  async retry(batchId: string, rowIds?: readonly string[]): Promise<void> {
    this.#put(await this.#client.retry({ batchId, ...(rowIds === undefined ? {} : { rowIds: [...rowIds] }) }));
    const { rows } = await this.#client.rows({ batchId, states: ['failed'], limit: 1000 });
    const files = rows.flatMap(({ id, name, sha256 }): NamedFile[] => {
      const isMeant = sha256 === null && (rowIds === undefined || rowIds.includes(id));
      const file = isMeant ? this.intake.refusedFile(batchId, name) : null;
      return file === null ? [] : [{ name, file }];
    });
    if (files.length > 0) await this.intake.send(batchId, files);
    else if (rows.some(({ sha256 }) => sha256 === null)) {
      this.#page.notices.tell(say('batch.mend'), say('batch.dropAgain'));
    }
  }

  async rename(batchId: string, name: string): Promise<void> {
    if (name.trim() !== '') this.#put(await this.#client.update({ batchId, name: cutText(name, 200) }));
  }

  /** One place up or down among the batches. */
  async move(batchId: string, by: -1 | 1): Promise<void> {
    const ids = (this.#list ?? []).map(({ id }) => id);
    const to = ids.indexOf(batchId) + by;
    if (to < 0 || to >= ids.length) return;
    await this.moveBefore(batchId, (by < 0 ? ids[to] : ids[to + 1]) ?? null);
  }

  async moveBefore(batchId: string, beforeId: string | null): Promise<void> {
    if (batchId !== beforeId) this.#take(await this.#client.reorder({ batchId, beforeId }));
  }

  async moveRows(batchId: string, rowIds: readonly string[], beforeId: string | null): Promise<void> {
    this.#put(await this.#client.reorderRows({ batchId, rowIds: [...rowIds], beforeId }));
    await this.rows.settled();
  }

  async removeRows(batchId: string, rowIds: readonly string[]): Promise<void> {
    this.rows.selection.clear();
    this.#put(await this.#client.removeRows({ batchId, rowIds: [...rowIds] }));
  }

  async remove(batchId: string): Promise<void> {
    this.intake.stop(batchId);
    this.#take(await this.#client.remove({ batchId }));
  }

  /** Saves the table of a batch as a file. */
  async save(batch: Batch, format: BatchTableFormat, target: ExportTarget): Promise<void> {
    const pieces: string[] = [];
    for await (const piece of await this.#client.export({ batchId: batch.id, format, target })) pieces.push(piece);
    const name = await this.#page.sources.platform.saveText({ text: pieces.join(''), title: batch.name, extension: format });
    if (name !== null) this.#page.notices.tell(say('export.savedAs', { name }));
  }

  #tellEnd({ name, counts }: Batch): void {
    const hint = [say('batch.donePictures', { count: counts.done })];
    if (counts.failed > 0) hint.push(say('batch.rowsSayWhy', { count: counts.failed }));
    this.#page.notices.tell(say('batch.isDone', { name }), hint.join(' '));
  }

  get #client() {
    return this.#page.sources.transport.client.batches;
  }

  async #create(name: string): Promise<string> {
    const { settings } = this.plan;
    const batch = await this.#client.create({ name, settings });
    if (!(this.#list ?? []).some(({ id }) => id === batch.id)) this.#list = [...(this.#list ?? []), batch];
    return batch.id;
  }

  #put(batch: Batch): void {
    this.receive({ type: 'batch-changed', batch });
  }

  #take(list: readonly Batch[]): void {
    this.#list = list;
    const open = this.rows.batchId;
    if (open !== null && list.some(({ id }) => id === open)) return;
    this.rows.open(list.find(({ state }) => state === 'running')?.id ?? list[0]?.id ?? null);
  }
}
