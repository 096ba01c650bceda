import { say } from '../../../language/say.ts';

/** One state and the name of the act that led to it. */
export interface HistoryEntry<State> {
  readonly state: State;
  readonly label: string;
  /** When it was done, in ms since 1970. */
  readonly atMs: number;
}

/** What the journal keeps of a history. */
export interface HistoryRecord<State> {
  readonly entries: readonly HistoryEntry<State>[];
  readonly index: number;
}

const longestHistory = 500;

/**
 * Undo and redo over immutable states. Acts that follow each other with the same `coalesce` key within
 * `coalesceMs` become one step, so that a sentence typed is one undo and not one a letter.
 */
export class History<State> {
  #entries: readonly HistoryEntry<State>[] = $state.raw([]);
  #index = $state(0);
  #lastKey: string | null = null;
  #lastMs = 0;
  readonly #now: () => number;
  readonly #coalesceMs: number;

  constructor(initial: State, now: () => number, coalesceMs = 1200) {
    this.#entries = [{ state: initial, label: say('history.step.start'), atMs: now() }];
    this.#now = now;
    this.#coalesceMs = coalesceMs;
  }

  get present(): State {
    const entry = this.#entries[this.#index];
    if (entry === undefined) throw new Error('A history always has a present.');
    return entry.state;
  }

  get canUndo(): boolean {
    return this.#index > 0;
  }

  get canRedo(): boolean {
    return this.#index < this.#entries.length - 1;
  }

  /** Every step there is, the undone ones included. */
  get entries(): readonly HistoryEntry<State>[] {
    return this.#entries;
  }

  /** Which of the entries is the present. */
  get index(): number {
    return this.#index;
  }

  /** Goes to a step, back or forth. */
  jump(index: number): void {
    this.#index = Math.min(Math.max(0, index), this.#entries.length - 1);
    this.#lastKey = null;
  }

  /** What undo would take back, for tooltips; null when there is nothing. */
  get undoLabel(): string | null {
    return this.canUndo ? (this.#entries[this.#index]?.label ?? null) : null;
  }

  get redoLabel(): string | null {
    return this.#entries[this.#index + 1]?.label ?? null;
  }

  commit(state: State, label: string, coalesce: string | null = null): void {
    const joins =
      coalesce !== null && coalesce === this.#lastKey && this.#now() - this.#lastMs < this.#coalesceMs && this.canUndo;
    const kept = this.#entries.slice(0, joins ? this.#index : this.#index + 1);
    this.#entries = [...kept, { state, label, atMs: this.#now() }].slice(-longestHistory);
    this.#index = this.#entries.length - 1;
    this.#lastKey = coalesce;
    this.#lastMs = this.#now();
  }

  /** Changes the present without a step of its own: facts that arrived late, such as the id a saved text got. */
  amend(state: State): void {
    this.#entries = this.#entries.map((entry, index) => (index === this.#index ? { ...entry, state } : entry));
  }

  /** Changes every state without a step of its own. */
  amendAll(change: (state: State) => State): void {
    this.#entries = this.#entries.map((entry) => ({ ...entry, state: change(entry.state) }));
  }

  undo(): void {
    if (this.canUndo) this.#index -= 1;
    this.#lastKey = null;
  }

  redo(): void {
    if (this.canRedo) this.#index += 1;
    this.#lastKey = null;
  }

  /**
   * At most `limit` entries for the journal, the present among them and at its place: the newest steps, unless so many were undone
   * that the present is not one of them; then those around it.
   */
  record(limit: number): HistoryRecord<State> {
    const newest = Math.max(0, this.#entries.length - limit);
    const around = Math.max(0, this.#index - Math.floor((limit - 1) / 2));
    const start = Math.min(newest, around);
    return { entries: this.#entries.slice(start, start + limit), index: this.#index - start };
  }

  restore(record: HistoryRecord<State>): void {
    if (record.entries.length === 0) return;
    this.#entries = record.entries;
    this.#index = Math.min(Math.max(0, record.index), record.entries.length - 1);
    this.#lastKey = null;
  }
}
