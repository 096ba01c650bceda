import { cutText } from '../../../contract/texts/cut-text.ts';
import type { PackSummary } from '../../../contract/models/pack.ts';
import type { ToolState } from '../../../contract/outside/connection.ts';
import { transferOrderSchema } from '../../../contract/transfer.ts';
import type { TransferOrder, TransferRow, TransferTool } from '../../../contract/transfer.ts';
import type { Page } from '../page.svelte.ts';
import { handKey } from '../text/snapshot.ts';
import { say } from '../../language/say.ts';

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

/** What the next grid is made of: texts of the open work, those who draw, and seeds. */
export class TransferPlan {
  /** Which texts of the open work: the one that is open, or all there are. */
  rows: 'open' | 'all' = $state('all');
  seeds = $state(1);
  #chosen: readonly string[] = $state.raw([]);
  #packs: readonly PackSummary[] = $state.raw([]);
  readonly #page: Around;

  constructor(page: Around) {
    this.#page = page;
  }

  /** Packs on this machine that draw, then tools. */
  get columns(): readonly Column[] {
    return [
      ...this.#packs.map(({ id, name }) => ({
        ...{ key: `pack:${id}`, name, tool: { type: 'pack' as const, packId: id }, unallowed: null },
      })),
      ...this.#page.writers.tools.map((one) => ({
        ...{ key: `connection:${one.id}`, name: one.id, tool: { type: 'connections' as const, connectionIds: [one.id] } },
        unallowed: one.allowed ? null : one,
      })),
    ];
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

  /** How many prompts there would be. */
  get prompts(): number {
    return this.#keys().length;
  }

  get pictures(): number {
    return this.prompts * this.chosen.length * this.seeds;
  }

  /** Why it cannot be drawn; null where it can. */
  whyNot(): string | null {
    if (this.prompts === 0) return say('transfer.whyNot.text');
    if (this.chosen.length === 0) return say('transfer.whyNot.tools');
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

  /** Of the texts as they are just now, typed words among them. */
  async order(): Promise<TransferOrder> {
    await this.#page.editing.settle();
    const { picture, versions } = this.#page.work.snapshot;
    const rows = this.#keys().flatMap((key): TransferRow[] => {
      const version = versions[key];
      if (version === undefined) return [];
      const { document, itemId, parentId } = version;
      const prompt = { type: 'document' as const, document };
      return [{ name: nameOfText(key), prompt, originalSha256: picture?.sha256 ?? null, itemId: itemId ?? parentId }];
    });
    const tools = this.chosen.map(({ tool }) => tool);
    const name = cutText(picture?.title ?? '', 200).trim() || say('transfer.untitled');
    return transferOrderSchema.parse({ name, rows, tools, seeds: this.seeds });
  }

  #keys(): string[] {
    const { versions, open } = this.#page.work.snapshot;
    const withWords = Object.keys(versions).filter((key) => (versions[key]?.document.slots.length ?? 0) > 0);
    return this.rows === 'all' ? withWords : withWords.filter((key) => key === open);
  }
}

const nameOfText = (key: string): string =>
  key === handKey ? say('transfer.text.own') : say('transfer.text.length', { count: Number(key) });
