import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Device } from '../../../contract/studio-info.ts';
import { GraphSuspicion } from '../../../main/engine/crashes/graph-suspicion.ts';
import { CrashingGraphs } from '../../../main/packs/crashing-graphs.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const crash = { code: null, signal: 'SIGSEGV', lastWords: '' };

function makeSuspicion() {
  const folder = makeTemporaryFolder();
  mkdirSync(join(folder, 'pack'));
  const graph = join(folder, 'pack', 'unet.onnx');
  writeFileSync(graph, 'a graph');
  const crashing = new CrashingGraphs({ file: join(folder, 'crashing-graphs.json'), remember: true, log: () => undefined });
  const suspicion = new GraphSuspicion(crashing);
  const die = (exit: Parameters<GraphSuspicion['died']>[1], device: Device = 'cpu'): string | null => {
    suspicion.using(graph);
    return suspicion.died(device, exit);
  };
  return { graph, suspicion, die };
}

it('two deaths at one graph tell that it is the cause, on the device where that was', async () => {
  const { graph, suspicion, die } = makeSuspicion();
  expect(die(crash)).toBe(graph);
  expect(await suspicion.avoidedOn('cpu')).toEqual([]);
  expect(die(crash)).toBe(graph);
  expect(await suspicion.avoidedOn('cpu')).toEqual([graph]);
  expect(await suspicion.avoidedOn('webgpu')).toEqual([]);
  expect(await suspicion.avoidedOn('remote:cluster')).toEqual([]);
});

it.each([
  ['a fault as Windows tells it', { code: 0xc0000005, signal: null, lastWords: '' }, 1],
  ['an abort', { ...crash, signal: 'SIGABRT' }, 1],
  ['the system, when memory runs out', { ...crash, signal: 'SIGKILL' }, 0],
  ['somebody', { ...crash, signal: 'SIGTERM' }, 0],
  ['a fault of the studio', { code: 1, signal: null, lastWords: '' }, 0],
])('of a death by %s it is told which graph the runtime was at, and it counts as it should', async (_name, exit, avoided) => {
  const { graph, suspicion, die } = makeSuspicion();
  for (let death = 0; death < 3; death += 1) expect(die(exit)).toBe(graph);
  expect(new Set(await suspicion.avoidedOn('cpu')).size).toBe(avoided);
});

it('what was finished in between, and a death at no graph, tell nothing', async () => {
  const { suspicion, die } = makeSuspicion();
  for (let death = 0; death < 4; death += 1) {
    die(crash);
    suspicion.finish(true);
    expect(suspicion.died('cpu', crash)).toBeNull();
  }
  expect(await suspicion.avoidedOn('cpu')).toEqual([]);
});
