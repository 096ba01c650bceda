import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPack, openInProcess } from './open-test-studio.ts';
import { Workshop } from './workshop.ts';

describe.runIf(hasPack)('deleting the text of a picture for good', () => {
  let shop: Workshop;
  let itemId = '';
  let sha256 = '';
  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
  });
  afterAll(() => shop.test.close());
  beforeEach(async () => {
    const { images } = await shop.read({ lengths: [5] });
    const [text] = images[0]?.documents ?? [];
    const [source] = text?.document.sources ?? [];
    itemId = text?.itemId ?? '';
    sha256 = source?.type === 'reading' ? (source.sha256 ?? '') : '';
    await shop.test.client.library.update({ itemId, trashed: true });
  });
  const isStored = () =>
    shop.test.studio.readReading(sha256).then(
      () => true,
      () => false,
    );

  it('leaves its reading while a job in the list names it', async () => {
    await shop.test.client.library.deleteForGood({ itemIds: [itemId] });
    expect(await isStored()).toBe(true);
  });

  it('leaves its reading while unsaved work of who deletes names it', async () => {
    await shop.test.client.jobs.clear();
    await shop.test.client.library.emptyTrash({ keepReadings: [sha256] });
    expect(await isStored()).toBe(true);
  });

  it('removes its reading otherwise', async () => {
    await shop.test.client.jobs.clear();
    await shop.test.client.library.emptyTrash();
    expect(await isStored()).toBe(false);
  });
});
