import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CrashingGraphs } from '../../../main/packs/crashing-graphs.ts';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import { FIFTH_RECORDS, makeNewer } from '../../helpers/frozen-records.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makePack } from './make-pack.ts';

const log = (): void => undefined;
const open = (file: string, remember = true): CrashingGraphs => new CrashingGraphs({ file, remember, log });

/** A folder with two models of one graph, which is no graph. */
function makeModels(): { readonly file: string; readonly one: string; readonly other: string; readonly graph: string } {
  const folder = makeTemporaryFolder();
  const [one, other] = [join(folder, 'one'), join(folder, 'one-more')];
  for (const model of [one, other]) {
    mkdirSync(join(model, 'unet'), { recursive: true });
    writeFileSync(join(model, 'unet', 'model.onnx'), 'a graph');
  }
  return { file: join(folder, 'crashing-graphs.json'), one, other, graph: join(one, 'unet', 'model.onnx') };
}

test('what was written is read by another studio on this machine, and what it cleared is cleared', async () => {
  const { file, one, other, graph } = makeModels();
  const [first, second] = [open(file), open(file)];
  await first.add(graph, 'cpu');
  await second.add(graph, 'webgpu');
  expect(await first.of(one)).toEqual([
    { graph: 'unet/model.onnx', device: 'cpu' },
    { graph: 'unet/model.onnx', device: 'webgpu' },
  ]);
  expect(await first.of(other)).toEqual([]);
  expect(await second.on('cpu')).toEqual([graph]);
  await second.clear(other);
  expect(await first.on('cpu')).toEqual([graph]);
  await second.clear(one);
  expect(await first.of(one)).toEqual([]);
});

test('another file at its place is another graph', async () => {
  const { file, graph } = makeModels();
  const crashing = open(file);
  await crashing.add(graph, 'cpu');
  writeFileSync(graph, 'another graph');
  expect(await crashing.on('cpu')).toEqual([]);
});

test('a studio that leaves no trace writes nothing, and forgets what a person has cleared', async () => {
  const { file, one, graph } = makeModels();
  const passing = open(file, false);
  await passing.add(graph, 'cpu');
  expect(existsSync(file)).toBe(false);
  expect(await passing.on('cpu')).toEqual([graph]);
  await open(file).add(graph, 'dml');
  await passing.clear(one);
  expect(await open(file).of(one)).toEqual([]);
});

test('the first version of the list is read; a damaged one is begun anew, one of a later studio left as it is', async () => {
  const { file, one, graph } = makeModels();
  copyFileSync(join(FIFTH_RECORDS, 'crashing-graphs.json'), file);
  expect(await open(file).of('/models/tiny')).toEqual([{ graph: 'unet/model.onnx', device: 'cpu' }]);
  const isUnchanged = makeNewer(file, (value) => ({ ...value, schemaVersion: 99 }));
  const beside = open(file);
  await beside.add(graph, 'cpu');
  expect(await beside.on('cpu')).toEqual([graph]);
  await beside.clear(one);
  expect(await beside.on('cpu')).toEqual([]);
  expect(isUnchanged()).toBe(true);
  writeFileSync(file, '{"graphs":');
  await open(file).add(graph, 'cpu');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schemaVersion: 1, graphs: [{ path: graph }] });
});

test('a pack tells its graphs that ended the engine until it was verified and found whole', async () => {
  const folder = makeTemporaryFolder();
  const crashing = open(join(folder, 'crashing-graphs.json'));
  const packFolder = makePack(join(folder, 'user'), 'tiny');
  const registry = createPackRegistry({
    embeddedFolder: join(folder, 'embedded'),
    userFolder: join(folder, 'user'),
    verifiedFile: null,
    crashing,
    log,
  });
  const crashed = async () => (await registry.listPacks()).packs[0]?.crashed;
  const [name = ''] = (await registry.resolvePack('tiny')).manifest.files
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.onnx'));
  await crashing.add(join(packFolder, name), 'cpu');
  expect(await crashed()).toEqual([{ graph: name, device: 'cpu' }]);
  writeFileSync(join(packFolder, 'more.txt'), 'not on its list');
  expect((await registry.verifyPack('tiny')).ok).toBe(false);
  expect(await crashed()).toHaveLength(1);
  rmSync(join(packFolder, 'more.txt'));
  expect((await registry.verifyPack('tiny')).ok).toBe(true);
  expect(await crashed()).toEqual([]);
});
