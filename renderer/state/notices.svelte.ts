import type { ErrorBody } from '../../contract/errors.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'failure' | 'news';
  readonly body: Pick<ErrorBody, 'message' | 'hint' | 'details'> & { readonly code: string | null };
  /** The one button that helps. */
  readonly remedy: { readonly label: string; readonly run: () => void } | null;
}

const mostNotices = 4;

/** What a person should know and can put away: failures stay until dismissed, news go by themselves. */
export class Notices {
  #list: readonly Notice[] = $state.raw([]);
  #nextId = 1;

  get list(): readonly Notice[] {
    return this.#list;
  }

  fail(body: ErrorBody, remedy: Notice['remedy'] = null): void {
    const kept = this.#list.filter((notice) => notice.body.message !== body.message);
    this.#list = [...kept, { id: this.#nextId++, tone: 'failure' as const, body, remedy }].slice(-mostNotices);
  }

  /** News that offer an act, such as taking something back, stay long enough to be read and reached. */
  tell(message: string, hint = '', remedy: Notice['remedy'] = null): void {
    const id = this.#nextId++;
    const notice: Notice = { id, tone: 'news', body: { code: null, message, hint, details: {} }, remedy };
    this.#list = [...this.#list.filter((known) => known.body.message !== message), notice].slice(-mostNotices);
    setTimeout(() => this.dismiss(id), remedy === null ? 4_000 : 15_000);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}
