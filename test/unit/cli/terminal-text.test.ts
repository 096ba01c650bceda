import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { cleanLine } from '../../../main/shell/cli/output/clean-line.ts';
import { formatBytes } from '../../../main/shell/cli/output/format-bytes.ts';
import { formatTable } from '../../../main/shell/cli/output/format-table.ts';
import { ProgressDisplay } from '../../../main/shell/cli/output/progress-display.ts';

describe('cleanLine', () => {
  it('takes away whatever could steer a terminal', () => {
    expect(cleanLine('a\u001b[31m\u0007 b\r\nc\u009bd\u0000')).toBe('a[31m b cd');
    expect(cleanLine('日本語 🦊')).toBe('日本語 🦊');
  });
});

describe('formatTable', () => {
  it('aligns columns by what is seen', () => {
    expect(
      formatTable([
        ['a', 'b'],
        ['\u001b[1mlonger\u001b[22m', 'c'],
        ['', 'd'],
      ]),
    ).toBe('a       b\n\u001b[1mlonger\u001b[22m  c\n        d');
    expect(formatTable([])).toBe('');
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [31_400_000, '31.4 MB'],
    [2_000_000_000_000_000, '2000.0 TB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('ProgressDisplay', () => {
  const progress = { phase: 'denoising' as const, step: 0, steps: 20, remainingMs: null };

  it('writes at most a line for every tenth and phase where nobody watches', () => {
    const { stream, written } = recorder(false);
    const display = new ProgressDisplay(stream);
    for (let step = 0; step <= 1000; step += 1) display.show('', { ...progress, fraction: step / 1000 });
    display.clear();
    expect(written().split('\n')).toHaveLength(12);
    display.show('', { ...progress, phase: 'decoding', fraction: 1 });
    display.show('', { ...progress, fraction: 1 });
    expect(written().split('\n')).toHaveLength(13);
    expect(written()).toMatch(/^0% Drawing 0\/20\n10% /);
    expect(written()).not.toContain('\u001b');
  });

  it('draws one line over itself on a terminal, never wider than it, and takes it away', () => {
    const { stream, written } = recorder(true);
    const display = new ProgressDisplay(stream);
    display.show('a very long name of a picture', { ...progress, fraction: 0.5, remainingMs: 3000 });
    const line = written().replace('\r\u001b[K', '');
    expect(line.length).toBeLessThan(40);
    expect(line).not.toContain('\n');
    display.clear();
    expect(written().endsWith('\r\u001b[K')).toBe(true);
  });
});

/** A stream that keeps what was written, as a terminal of 40 columns or as a pipe. */
function recorder(isTTY: boolean): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 40 }) as unknown as NodeJS.WriteStream, written: () => text };
}
