import type { Socket } from 'node:net';
import type { NetworkPurpose, SentReport } from '../../contract/outside/network.ts';

interface Row {
  readonly report: Omit<SentReport, 'sentBytes' | 'receivedBytes'>;
  /** Of connections that have ended. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly open: ReadonlySet<Socket>;
}

/** What went out since the studio was started: to whom, for what, how much and when. Never what was in it; nothing of it is stored. */
export class TrafficLog {
  readonly #clock: () => number;
  readonly #rows = new Map<string, Row>();
  readonly #listeners = new Set<(sent: SentReport) => void>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Most recent first. */
  list(): SentReport[] {
    return [...this.#rows.values()].map(toReport).sort((a, b) => b.lastMs - a.lastMs);
  }

  /** Counts what goes over a connection until it ends. */
  follow(origin: string, purpose: NetworkPurpose, socket: Socket): void {
    const key = `${purpose} ${origin}`;
    const now = this.#clock();
    const row = this.#rows.get(key) ?? {
      report: { origin, purpose, requests: 0, firstMs: now, lastMs: now },
      sentBytes: 0,
      receivedBytes: 0,
      open: new Set(),
    };
    this.#put(key, {
      ...row,
      report: { ...row.report, requests: row.report.requests + 1, lastMs: now },
      open: new Set([...row.open, socket]),
    });
    socket.once('close', () => this.#end(key, socket));
  }

  /** Calls back when something begins to go out and when it has ended; returns the way to stop. */
  subscribe(listener: (sent: SentReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #end(key: string, socket: Socket): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#put(key, {
      report: { ...row.report, lastMs: this.#clock() },
      sentBytes: row.sentBytes + socket.bytesWritten,
      receivedBytes: row.receivedBytes + socket.bytesRead,
      open: new Set([...row.open].filter((one) => one !== socket)),
    });
  }

  #put(key: string, row: Row): void {
    this.#rows.set(key, row);
    for (const listener of this.#listeners) listener(toReport(row));
  }
}

function toReport({ report, sentBytes, receivedBytes, open }: Row): SentReport {
  const sum = (count: (socket: Socket) => number) => [...open].reduce((all, socket) => all + count(socket), 0);
  return {
    ...report,
    sentBytes: sentBytes + sum((socket) => socket.bytesWritten),
    receivedBytes: receivedBytes + sum((socket) => socket.bytesRead),
  };
}
