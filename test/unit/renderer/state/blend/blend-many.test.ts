import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Blend } from '../../../../../renderer/state/blend/blend.svelte.ts';
import { PACK_ID } from '../../../../contract/open-test-studio.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
let samples: readonly string[];
beforeAll(async () => {
  bench = await CoreBench.open();
  const { samples: scenes } = await bench.core.client.packs.info({ packId: PACK_ID });
  samples = scenes.map(({ file }) => file);
});
afterAll(() => bench.close());

const wish = { writer: 'builtin', templateId: 'blend', language: 'English' };

async function open(store?: Storage, count = 0): Promise<Blend> {
  const blend = new Blend(await bench.startPage(store));
  for (const file of samples.slice(0, count)) await blend.many.takeSample(PACK_ID, file);
  return blend;
}

describe('many pictures', () => {
  it('are there once each, and files that are none are told by name', async () => {
    const { many } = await open(undefined, 2);
    await many.takeSample(PACK_ID, samples[0] ?? '');
    expect(many.sources).toHaveLength(2);
    const page = await bench.startPage();
    const other = new Blend(page).many;
    await other.takeFiles([{ name: 'walks/broken.png', file: new File(['no picture'], 'broken.png') }]);
    expect(other.sources).toEqual([]);
    expect(other.coming).toBe(0);
    expect(page.notices.list.map(({ body }) => body.message).join()).toContain('broken.png: ');
    expect(other.name).toBe('walks');
  });

  it('become one text each, which says whose object, scene and look it has, and are drawn', async () => {
    const { many } = await open(undefined, 3);
    const { several } = many;
    await several.run(many.sources, 5);
    expect(several.blends?.map(({ blend }) => [blend.objects, blend.scene, blend.look])).toEqual([
      [[0], 1, 2],
      [[1], 2, 0],
      [[2], 0, 1],
    ]);
    await several.draw();
    await bench.until(() => {
      expect(several.blends?.every(({ picture }) => picture !== null)).toBe(true);
    });
    many.remove(many.sources[0]?.itemId ?? '');
    expect(several.blends).toBeNull();
  });
});

describe('a matrix', () => {
  it('shows what there is of it, is there again after a reload, and is written as page, table and picture', async () => {
    const store = new MemoryStorage();
    const blend = await open(store, 2);
    const { many } = blend;
    many.isOpen = true;
    const imageSha256s = many.sources.flatMap(({ sha256 }) => sha256 ?? []);
    await many.matrix.start({ name: many.name, imageSha256s, length: 5, isDrawn: true, wish });
    blend.keep();
    await bench.until(() => {
      expect(many.matrix.matrix?.cells.filter(({ picture }) => picture !== null)).toHaveLength(2);
    });

    const later = await open(store);
    expect(later.many.isOpen).toBe(true);
    expect(later.many.sources).toEqual(many.sources);
    await later.greet();
    expect(later.many.matrix.matrix).toEqual(many.matrix.matrix);
    expect(await later.many.matrix.write('csv')).toContain('object,scene,text');
    expect(await later.many.matrix.write('html')).toContain('<table>');
    expect(await later.many.matrix.sheet()).toMatchObject({ kind: 'picture', title: '2 pictures' });
  });

  it('that was cleared away is forgotten', async () => {
    const store = new MemoryStorage();
    const { many } = await open(store, 2);
    const imageSha256s = many.sources.flatMap(({ sha256 }) => sha256 ?? []);
    await many.matrix.start({ name: 'Gone', imageSha256s, length: 5, isDrawn: false, wish });
    await bench.until(() => {
      expect(many.matrix.busy).toBe(false);
    });
    await bench.core.client.jobs.clear();
    await many.matrix.load();
    expect([many.matrix.id, many.matrix.matrix]).toEqual([null, null]);
  });
});
