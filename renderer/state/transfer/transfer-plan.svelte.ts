import { cutText } from '../../../contract/texts/cut-text.ts';
import type { PackSummary } from '../../../contract/models/pack.ts';
import type { ToolState } from '../../../contract/outside/connection.ts';
import { mostTransferCells, mostTransferRows, nameOfTool, transferOrderSchema } from '../../../contract/transfer.ts';
import type { TransferOrder, TransferTool } from '../../../contract/transfer.ts';
import type { Page } from '../page.svelte.ts';
import { say } from '../../language/say.ts';
import { TransferTexts } from './transfer-texts.svelte.ts';

const midjourney = { type: 'midjourney' } as const;

/** What of the page it stands on. */
type Around = Pick<Page, 'sources' | 'work' | 'editing' | 'writers'>;

/** Somebody who can draw a column, by a name that tells it from all others. */
export interface Column {
  readonly key: string;
  readonly name: string;
  readonly tool: TransferTool;
  /** The connection a person has to agree to first; null where nothing is asked. */
  readonly unallowed: ToolState | null;
}

/** What the next grid is made of: texts, those who draw, and seeds. */
export class TransferPlan {
  readonly texts: TransferTexts;
  seeds = $state(1);
  #chosen: readonly string[] = $state.raw([]);
  /** Null until they were asked for. */
  #packs: readonly PackSummary[] | null = $state.raw(null);
  readonly #page: Around;

  constructor(page: Around) {
    this.#page = page;
    this.texts = new TransferTexts(page);
  }

  /** Packs on this machine that draw, then tools, then what a person draws by hand; none before all are known, so that none moves. */
  get columns(): readonly Column[] {
    if (this.#packs === null) return [];
    return [
      ...this.#packs.map(({ id, name }) => ({
        ...{ key: `pack:${id}`, name, tool: { type: 'pack' as const, packId: id }, unallowed: null },
      })),
      ...this.#page.writers.tools.map((one) => ({
        ...{ key: `connection:${one.id}`, name: one.id, tool: { type: 'connections' as const, connectionIds: [one.id] } },
        unallowed: one.allowed ? null : one,
      })),
      { key: midjourney.type, name: nameOfTool(midjourney), tool: midjourney, unallowed: null },
    ];
  }

  /** What a column is called: a pack by its own name, as long as it is here. */
  nameOf(tool: TransferTool): string {
    const pack = tool.type === 'pack' ? this.#packs?.find(({ id }) => id === tool.packId) : undefined;
    return pack?.name ?? nameOfTool(tool);
  }

  get chosen(): readonly Column[] {
    return this.columns.filter(({ key }) => this.#chosen.includes(key));
  }

  isChosen({ key }: Column): boolean {
    return this.#chosen.includes(key);
  }

  choose({ key }: Column, isChosen: boolean): void {
    this.#chosen = isChosen ? [...new Set([...this.#chosen, key])] : this.#chosen.filter((one) => one !== key);
  }

  get pictures(): number {
    return this.texts.count * this.chosen.length * this.seeds;
  }

  /** Why it cannot be drawn; null where it can. */
  whyNot(): string | null {
    const { texts } = this;
    if (texts.count === 0) return texts.whyNone();
    if (this.chosen.length === 0) return say('transfer.whyNot.tools');
    if (texts.count > mostTransferRows || this.pictures > mostTransferCells) {
      return say('transfer.whyNot.many', { rows: mostTransferRows, pictures: mostTransferCells });
    }
    const unallowed = this.chosen.find((column) => column.unallowed !== null);
    return unallowed === undefined ? null : say('transfer.whyNot.allow', { name: unallowed.name });
  }

  /** Who can draw. */
  async load(): Promise<void> {
    const [packs] = await Promise.all([this.#page.sources.transport.client.packs.list(), this.#page.writers.load()]);
    this.#packs = packs.filter(({ roles }) => roles.includes('decoder'));
    const [first] = this.#packs;
    if (this.#chosen.length === 0 && first !== undefined) this.#chosen = [`pack:${first.id}`];
  }

  async order(): Promise<TransferOrder> {
    const rows = await this.texts.rows();
    const tools = this.chosen.map(({ tool }) => tool);
    const name = cutText(this.#page.work.snapshot.picture?.title ?? '', 200).trim() || say('transfer.untitled');
    return transferOrderSchema.parse({ name, rows, tools, seeds: this.seeds });
  }
}
