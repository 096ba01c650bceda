import { StudioError, errorBodySchema } from '../../contract/errors.ts';

/** A call that has not answered in this time hangs. */
const PATIENCE_MS = 120_000;

/** Counts what calls answered; what nobody expected is told with what led to it. */
export class AttackReport {
  readonly #codes = new Map<string, number>();
  /** Errors of code `internal`, and what was thrown that is no error of the studio. */
  internal = 0;
  hangs = 0;
  /** What nothing caught: in a host of its own it would have been its end. */
  deaths = 0;

  /** For a studio in this process: what nothing caught there is counted. */
  watchProcess(): void {
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        this.deaths += 1;
        this.#tell(`uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
    }
  }

  /** Runs one call and counts how it ended; undefined where it failed. */
  async count<Value>(what: string, call: () => Promise<Value>): Promise<Value | undefined> {
    const late = new AbortController();
    const waited = new Promise<'late'>((resolve) => {
      const timer = setTimeout(() => resolve('late'), PATIENCE_MS);
      late.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    try {
      const ended = await Promise.race([call().then((value) => ({ value })), waited]);
      if (ended !== 'late') return this.#add('ok', ended.value);
      this.hangs += 1;
      this.#tell(`hangs: ${what}`);
    } catch (error) {
      this.failed(what, error);
    } finally {
      late.abort();
    }
    return undefined;
  }

  /** Counts a failure: a StudioError, one that has crossed the wire, or the body of one. */
  failed(what: string, error: unknown): void {
    const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : error;
    const body = error instanceof StudioError ? error.toBody() : errorBodySchema.safeParse(data).data;
    this.#add(body?.code ?? 'unknown', undefined);
    if (body !== undefined && body.code !== 'internal') return;
    this.internal += 1;
    this.#tell(`internal: ${what}\n  ${body ? JSON.stringify(body.details) : String(error)}`);
  }

  get isClean(): boolean {
    return this.internal + this.hangs + this.deaths === 0;
  }

  summary(): string {
    const codes = [...this.#codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
    return `answers: ${codes.join(', ')}\ninternal errors: ${this.internal}, hangs: ${this.hangs}, host deaths: ${this.deaths}`;
  }

  #add<Value>(code: string, value: Value): Value {
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    return value;
  }

  #tell(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}
