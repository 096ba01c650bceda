import type { JobProgress } from '../../../../contract/job.ts';

type Shown = Pick<JobProgress, 'fraction' | 'phase' | 'step' | 'steps' | 'remainingMs' | 'bytesPerSecond' | 'ahead'>;

const BAR_WIDTH = 24;
const REDRAW_MS = 80;
const NAMES: Readonly<Record<JobProgress['phase'], string>> = {
  waiting: 'Waiting',
  loading: 'Loading',
  encoding: 'Reading',
  denoising: 'Drawing',
  decoding: 'Developing',
  scoring: 'Comparing',
  saving: 'Saving',
  downloading: 'Fetching',
  converting: 'Converting',
};

/**
 * Progress on stderr. On a terminal one bar that is drawn over itself; elsewhere a line for every tenth and every new phase, so
 * that the log of a script stays short.
 */
export class ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  #drawnMs = 0;
  #isDrawn = false;
  #tenth = -1;
  readonly #phases = new Set<JobProgress['phase']>();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Begins a new piece of work, whose fractions start again at 0. */
  begin(): void {
    this.#tenth = -1;
    this.#phases.clear();
  }

  show(label: string, progress: Shown): void {
    const line = describe(label, progress);
    if (this.#stream.isTTY) this.#draw(line, progress.fraction);
    else this.#log(line, progress);
  }

  /** Takes the bar away, so that the next line stands clean. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K');
    this.#isDrawn = false;
  }

  #draw(line: string, fraction: number): void {
    const nowMs = performance.now();
    if (this.#isDrawn && fraction < 1 && nowMs - this.#drawnMs < REDRAW_MS) return;
    const filled = Math.round(fraction * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const whole = `${bar} ${line}`;
    this.#stream.write(`\r\u001b[K${whole.slice(0, this.#stream.columns - 1)}`);
    this.#isDrawn = true;
    this.#drawnMs = nowMs;
  }

  #log(line: string, { fraction, phase }: Shown): void {
    const tenth = Math.floor(fraction * 10);
    if (tenth <= this.#tenth && this.#phases.has(phase)) return;
    this.#tenth = tenth;
    this.#phases.add(phase);
    this.#stream.write(`${line}\n`);
  }
}

function describe(label: string, { fraction, phase, step, steps, remainingMs, bytesPerSecond, ahead = 0 }: Shown): string {
  const rate = bytesPerSecond === undefined ? '' : ` MB · ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  const count = steps > 0 ? ` ${step}/${steps}${rate}` : '';
  const rest = remainingMs === null ? '' : ` · ${Math.ceil(remainingMs / 1000)} s left`;
  const before = ahead === 0 ? '' : ` · ${ahead} before it`;
  const name = label === '' ? '' : `${label}: `;
  return `${Math.floor(fraction * 100)}% ${name}${NAMES[phase]}${count}${before}${rest}`;
}
