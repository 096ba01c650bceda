import type { OpenSession, Session } from './session.ts';

/** Graphs by path, each opened at first use and kept until `release`: whoever works with them goes on with the files it began with. */
export class OpenedGraphs {
  readonly #openSession: OpenSession;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(openSession: OpenSession) {
    this.#openSession = openSession;
  }

  /** @throws what the way to open a graph throws */
  readonly open: OpenSession = (path) => {
    const opened = this.#sessions.get(path);
    if (opened) return opened;
    const opening = this.#openSession(path);
    this.#sessions.set(path, opening);
    // A graph that could not be opened is tried again by the next call.
    opening.catch(() => this.#sessions.get(path) === opening && this.#sessions.delete(path));
    return opening;
  };

  /** Closes every graph; the next call opens what it needs again. */
  async release(): Promise<void> {
    const opened = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(opened.map(async (session) => (await session).release()));
  }
}
