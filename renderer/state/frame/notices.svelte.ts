import type { ErrorBody, ErrorCode } from '../../../contract/errors.ts';
import { toErrorBody } from '../../client/to-error-body.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'failure' | 'news';
  readonly body: Pick<ErrorBody, 'message' | 'hint' | 'details'> & { readonly code: ErrorCode | null };
  /** The one button that helps. */
  readonly remedy: { readonly label: string; readonly run: () => void } | null;
}

const mostNotices = 4;
const mostRecent = 12;

/** What a person should know and can put away: failures stay until dismissed, news go by themselves. */
export class Notices {
  #list: readonly Notice[] = $state.raw([]);
  #recent: readonly Notice[] = $state.raw([]);
  #nextId = 1;
  #held = false;
  /** Those whose time was over while they were held. */
  #due: readonly number[] = [];
  #focus: () => void = () => undefined;

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** What was told lately, newest first, also what has gone from the screen. */
  get recent(): readonly Notice[] {
    return this.#recent;
  }

  fail(body: ErrorBody, remedy: Notice['remedy'] = null): void {
    const kept = this.#list.filter((notice) => notice.body.message !== body.message);
    const notice: Notice = { id: this.#nextId++, tone: 'failure', body, remedy };
    this.#list = [...kept, notice].slice(-mostNotices);
    this.#remember(notice);
  }

  /** Tells of a failure that nobody else takes care of. */
  failWith(failure: unknown): void {
    this.fail(toErrorBody(failure));
  }

  /** News that offer an act, such as taking something back, stay long enough to be read and reached. */
  tell(message: string, hint = '', remedy: Notice['remedy'] = null): void {
    const id = this.#nextId++;
    const notice: Notice = { id, tone: 'news', body: { code: null, message, hint, details: {} }, remedy };
    this.#list = [...this.#list.filter((known) => known.body.message !== message), notice].slice(-mostNotices);
    this.#remember(notice);
    setTimeout(() => this.#leave(id), remedy === null ? 4_000 : 15_000);
  }

  /** True while a person points at the notices or is among them by key: none goes by itself. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) return;
    const due = this.#due;
    this.#due = [];
    for (const id of due) this.dismiss(id);
  }

  /** Whoever shows the notices says how they are reached by key. */
  attach(focus: () => void): void {
    this.#focus = focus;
  }

  /** Puts the focus on the newest one that can be answered. */
  focus(): void {
    this.#focus();
  }

  get answerable(): boolean {
    return this.#list.some(({ tone, remedy }) => tone === 'failure' || remedy !== null);
  }

  #leave(id: number): void {
    if (this.#held) this.#due = [...this.#due, id];
    else this.dismiss(id);
  }

  #remember(notice: Notice): void {
    this.#recent = [notice, ...this.#recent].slice(0, mostRecent);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}
