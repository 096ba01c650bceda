import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComfyuiServer } from '../../../../helpers/comfyui-server.ts';
import { serveHttp } from '../../../network/local-servers.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

async function startWith(id: string) {
  const server = new ComfyuiServer();
  const address = await serveHttp(server.listener, server.upgrade);
  const page = await bench.startPage();
  await page.writers.add({ id, kind: 'comfyui', address, model: 'small.safetensors' });
  return { server, page };
}

describe('the place where the Studio draws', () => {
  it('is the pack here, until a tool is chosen and a person has agreed', async () => {
    const { server, page } = await startWith('paints');
    const { drawPlace } = page;
    await drawPlace.load();
    expect(drawPlace.drawer).toBe(page.facts.drawer);
    expect(drawPlace.tools.map(({ id }) => id)).toContain('paints');
    await drawPlace.choose('paints');
    expect([drawPlace.tool?.allowed, drawPlace.drawer, server.heard]).toEqual([false, null, []]);

    await drawPlace.allow();
    expect(drawPlace.drawer).toMatchObject({ size: { width: 512 }, sampling: true });
    // What a pack measures is drawn by the pack, wherever the next picture is drawn.
    expect(page.facts.drawer?.size.width).not.toBe(512);
  });

  it('draws the open text there, and takes its pictures', async () => {
    const { server, page } = await startWith('draws');
    const { drawPlace, drawing, editing } = page;
    await drawPlace.choose('draws');
    await drawPlace.load();
    await drawPlace.allow();
    page.preferences.set({ scheduler: 'tcd', width: 64, height: 64 });
    editing.type('a red fox');
    await drawing.generate();
    await bench.until(() => {
      expect(drawing.error).toBeNull();
      expect(drawing.results.items[0]?.recipe).toMatchObject({ kind: 'tool', tool: 'comfyui', text: 'a red fox' });
    });
    // The tool has no such scheduler, so it was not asked for it.
    expect(server.asked('/prompt', 'POST')).toHaveLength(1);
    expect(drawing.otherText).toBeNull();
  });

  it('says what is wrong with a tool, and that one is gone', async () => {
    const { server, page } = await startWith('breaks');
    const { drawPlace } = page;
    server.models = [];
    await drawPlace.choose('breaks');
    await drawPlace.load();
    await drawPlace.allow();
    expect(drawPlace.trouble?.message).toContain('has no model small.safetensors');
    server.models = ['small.safetensors'];
    await drawPlace.askAgain();
    expect([drawPlace.trouble, drawPlace.drawer?.seeds]).toEqual([null, true]);
    await page.writers.remove('breaks');
    expect([drawPlace.isGone, drawPlace.tool, drawPlace.drawer]).toEqual([true, null, null]);
    await drawPlace.choose(null);
    expect([drawPlace.isGone, drawPlace.drawer]).toEqual([false, page.facts.drawer]);
  });
});

it('whether the next picture fits is told before it is drawn, where the pack here draws', async () => {
  const { page } = await startWith('elsewhere');
  const { drawingFit, drawPlace } = page;
  await drawingFit.look({ count: 1 });
  expect(drawingFit.trouble).toBeNull();
  await bench.core.client.settings.update({ memoryBudgetMb: 300 });
  await drawingFit.look({ count: 1, width: 4096, height: 4096 });
  expect(drawingFit.trouble).toMatchObject({ verdict: 'too-much', haveBytes: 300 * 1024 * 1024 });
  expect(drawingFit.trouble?.smaller?.width).toBeLessThan(4096);
  await drawPlace.choose('elsewhere');
  expect(drawingFit.trouble).toBeNull();
  await bench.core.client.settings.update({ memoryBudgetMb: null });
});
