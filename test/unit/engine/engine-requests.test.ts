import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EngineRequests, thinProgress } from '../../../main/engine/engine-requests.ts';
import type { EngineEvent } from '../../../main/engine/protocol.ts';
import type { Progress } from '../../../main/running/run-context.ts';
import { tinyGenerate, tinyPackFolder } from './tiny-generate.ts';

// Pictures are written in a process of their own, which starts slowly on a machine that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000 });

const at = (fraction: number, phase: Progress['phase'] = 'denoising'): Progress => ({ fraction, phase, step: 0, steps: 10 });

test('what comes too soon is left out, except what begins a phase or ends the call', () => {
  let nowMs = 1000;
  const sent: Progress[] = [];
  const report = thinProgress(
    (progress) => sent.push(progress),
    () => nowMs,
  );
  report(at(0, 'loading'));
  report(at(0.1));
  nowMs += 32;
  report(at(0.2));
  nowMs += 1;
  report(at(0.3));
  report(at(0.9, 'decoding'));
  report(at(1, 'decoding'));
  expect(sent).toEqual([at(0, 'loading'), at(0.1), at(0.3), at(0.9, 'decoding'), at(1, 'decoding')]);
});

test('a pack whose files were replaced in their folder draws by the new ones, tokenizer and settings included', async () => {
  const packFolder = mkdtempSync(join(tmpdir(), 'engine-requests-'));
  onTestFinished(() => rmSync(packFolder, { recursive: true }));
  const decoder = join(packFolder, 'tiny-stable-diffusion');
  cpSync(join(tinyPackFolder, 'tiny-stable-diffusion'), decoder, { recursive: true });
  let hear: (event: EngineEvent) => void = () => undefined;
  const requests = new EngineRequests({
    device: 'cpu',
    send: (event) => hear(event),
    log: () => undefined,
    onFinished: () => undefined,
  });
  requests.receive({ type: 'start', memoryBudgetBytes: 1e12, unloadAfterIdleMs: 1e9 });
  let requestId = 0;
  const draw = (): Promise<{ tokenIds: readonly number[]; png: string }> =>
    new Promise((resolve, reject) => {
      let tokenIds: readonly number[] = [];
      let png = '';
      hear = (event) => {
        if (event.type === 'prompt') ({ tokenIds } = event);
        if (event.type === 'generated-image') png = Buffer.from(event.png).toString('base64');
        if (event.type === 'done') resolve({ tokenIds, png });
        if (event.type === 'failed') reject(new Error(event.error.message));
      };
      requests.receive({ type: 'generate', requestId: (requestId += 1), request: { ...tinyGenerate, packFolder, steps: 1 } });
    });
  const first = await draw();
  expect(await draw()).toEqual(first);

  const config = join(decoder, 'scheduler/scheduler_config.json');
  writeFileSync(config, readFileSync(config, 'utf8').replace('epsilon', 'v_prediction'));
  const second = await draw();
  expect(second.tokenIds).toEqual(first.tokenIds);
  expect(second.png).not.toBe(first.png);

  const merges = join(decoder, 'tokenizer/merges.txt');
  writeFileSync(merges, readFileSync(merges, 'utf8').split('\n').slice(0, 2).join('\n'));
  expect((await draw()).tokenIds).not.toEqual(first.tokenIds);
});
