import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A page whose picture is read as soon as `read` is called. */
async function openUnread(): Promise<{ page: Page; read: () => Promise<void> }> {
  const page = await bench.startPage();
  const goOn = await bench.occupy();
  const opening = page.reading.openItem(await bench.addScene('late'));
  await bench.until(() => expect(page.reading.state.type).toBe('reading'));
  const read = async (): Promise<void> => {
    await goOn();
    await opening;
    await bench.until(() => expect(page.work.snapshot.versions[String(page.facts.lengths[0])]).toBeDefined());
  };
  return { page, read };
}

describe('a reading that was under way', () => {
  it('stands beside the text that a person took meanwhile', async () => {
    const { page, read } = await openUnread();
    const { work, proposals } = page;
    page.intake.receiveText('clip', 'a fox in snow');
    await proposals.accept();
    await read();
    expect(work.text).toBe('a fox in snow');
    work.undo();
    expect([work.picture?.title, work.document?.length]).toEqual(['late', expect.any(Number)]);
    work.undo();
    expect(work.picture).toBeNull();
  });

  it('stands beside what a person wrote meanwhile, also where that is no step yet', async () => {
    const { page, read } = await openUnread();
    const { work, editing } = page;
    editing.type('a fox');
    await editing.settle();
    work.type('a fox in snow');
    await read();
    expect(work.text).toBe('a fox in snow');
    expect(work.pendingText).toBeNull();
    page.openLength(page.facts.lengths[0] ?? 0);
    await bench.until(() => expect(work.document?.length).toBe(page.facts.lengths[0]));
    work.undo();
    expect(work.text).toBe('a fox in snow');
  });
});

it('a reading that is asked for again is shown, and one undo brings the own text back', async () => {
  const page = await bench.startPage();
  const { work } = page;
  await page.reading.openItem(await bench.addScene('again'));
  page.intake.receiveText('clip', 'a fox in snow');
  await page.proposals.accept();
  await page.reading.read();
  expect(work.document?.length).toEqual(expect.any(Number));
  work.undo();
  expect(work.text).toBe('a fox in snow');
});
