import type { BatchPart } from '../../state/batch/batch-context.ts';
import type { Batches } from '../../state/batch/batches.svelte.ts';
import { pressedKey } from '../../state/frame/pressed-key.ts';
import { moveByKey } from './row-layout.ts';

interface TableInUse {
  readonly batchId: string;
  /** In CSS pixels. */
  readonly height: number;
  readonly open: (index: number) => void;
  readonly choose: (index: number, how: 'only' | 'range' | 'toggle') => Promise<void>;
}

/** What the keys do in the table of a batch. */
export class TableKeys {
  #moving = false;
  readonly #part: BatchPart;
  readonly #batches: Batches;

  constructor(part: BatchPart) {
    this.#part = part;
    this.#batches = part.batches;
  }

  press(event: KeyboardEvent, table: TableInUse): void {
    const act = this.#find(event, table);
    if (act === null) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  }

  #find(event: KeyboardEvent, table: TableInUse): (() => void) | null {
    const { rows } = this.#batches;
    const mod = event.ctrlKey || event.metaKey;
    if (event.altKey && event.key === 'ArrowUp') return () => this.#move(table, -1);
    if (event.altKey && event.key === 'ArrowDown') return () => this.#move(table, 1);
    if (mod && pressedKey(event).toLowerCase() === 'a') return () => this.#part.attempt(rows.chooseAll());
    const to = moveByKey(event.key, rows.selection.focus, rows.total ?? 0, table.height);
    if (to !== null) return () => this.#part.attempt(table.choose(to, event.shiftKey ? 'range' : 'only'));
    return mod ? null : this.#findAct(pressedKey(event), table);
  }

  /** What is done to the row with the focus, or to those chosen where there are any. */
  #findAct(key: string, { batchId, open, choose }: TableInUse): (() => void) | null {
    const { selection } = this.#batches.rows;
    if (key === 'Enter') return () => open(selection.focus);
    if (key === ' ') return () => this.#part.attempt(choose(selection.focus, 'toggle'));
    if (selection.size === 0) return null;
    if (key === 'Escape') return () => selection.clear();
    if (key === 'Delete') return () => this.#part.attempt(this.#batches.removeRows(batchId, [...selection.ids]));
    if (key.toLowerCase() === 'r') return () => this.#part.attempt(this.#batches.retry(batchId, [...selection.ids]));
    return null;
  }

  /** One after the other: the next step counts from where this one has led. */
  #move({ batchId }: TableInUse, by: -1 | 1): void {
    if (this.#moving) return;
    this.#moving = true;
    this.#part.attempt(moveChosenRows(this.#batches, batchId, by).finally(() => (this.#moving = false)));
  }
}

/** Moves the chosen rows past their neighbour above or below. Nothing moves where rows do not stand in their own order. */
async function moveChosenRows(batches: Batches, batchId: string, by: -1 | 1): Promise<void> {
  const { rows } = batches;
  const { selection } = rows;
  const ids = [...selection.ids];
  const indexes = ids.map((id) => rows.indexOf(id)).filter((index) => index >= 0);
  if (!rows.inOrder || indexes.length === 0) return;
  const target = by < 0 ? Math.min(...indexes) - 1 : Math.max(...indexes) + 2;
  if (target < 0 || target > (rows.total ?? 0)) return;
  await batches.moveRows(batchId, ids, await rows.idAt(target));
  const { focus, focusId } = selection;
  if (focusId === null) return;
  if (ids.length === 1) selection.only(focus + by, focusId);
  else selection.range(focus + by, focusId, ids);
}
