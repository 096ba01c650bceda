import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runChild } from '../../../../main/installs/conversion/run-child.ts';

const order = (code: string, onLine: (line: string) => void = () => undefined) => ({
  command: process.execPath,
  args: ['-e', code],
  folder: tmpdir(),
  environment: process.env,
  onLine,
});
const never = new AbortController().signal;

it('hears every line, and knows the last words of a program that failed', async () => {
  const lines: string[] = [];
  const end = await runChild(
    order('console.log("one\\ntwo"); console.error("why"); process.exit(3)', (line) => lines.push(line)),
    never,
  );
  expect(lines).toEqual(['one', 'two']);
  expect(end).toEqual({ code: 3, signal: null, lastWords: 'why' });
});

it('ends a program in the middle when it is told to, and only then goes on', async () => {
  const stop = new AbortController();
  let processId = 0;
  const onLine = (line: string): void => {
    processId = Number(line);
    stop.abort(new Error('enough'));
  };
  await expect(runChild(order('console.log(process.pid); setInterval(() => {}, 1000)', onLine), stop.signal)).rejects.toThrow(
    'enough',
  );
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
});

it('holds the standard input of a program open, so that the program can tell when nobody is there any more', async () => {
  const code = 'process.stdin.on("end", () => process.exit(9)).resume(); setTimeout(() => process.exit(0), 50)';
  expect((await runChild(order(code), never)).code).toBe(0);
});

it('fails where there is no such program', async () => {
  await expect(runChild({ ...order(''), command: '/there/is/none' }, never)).rejects.toMatchObject({ code: 'ENOENT' });
});
