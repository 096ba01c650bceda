import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LibraryItem } from '../../../../../../contract/library.ts';
import { MaskShelf } from '../../../../../../renderer/state/canvas/mask/mask-shelf.ts';
import { PictureMasks } from '../../../../../../renderer/state/canvas/mask/picture-masks.svelte.ts';
import type { MaskedPicture } from '../../../../../../renderer/state/canvas/mask/picture-masks.svelte.ts';
import { BrowserStore } from '../../../../../../renderer/state/core/browser-store.ts';
import { NEWER, SEVENTH_RECORDS } from '../../../../../helpers/frozen-records.ts';
import { MemoryStorage } from '../../../../../helpers/memory-storage.ts';

const key = 'dediffusion.masks.1';
const picture: MaskedPicture = { sha256: 'a'.repeat(64), itemId: 'item-a', title: 'fox', width: 64, height: 32 };
const other: MaskedPicture = { ...picture, sha256: 'b'.repeat(64), itemId: 'item-b' };

function openMasks(storage = new MemoryStorage()) {
  const uploads: { title: string; parentId: string | undefined }[] = [];
  const store = new BrowserStore(
    () => storage,
    (trouble) => expect.fail(trouble),
  );
  let begun = 0;
  const open = (target: MaskedPicture | null) =>
    new PictureMasks({
      shelf: new MaskShelf(store),
      transport: {
        uploadImage: (_, title, parentId) => {
          uploads.push({ title, parentId });
          const image = { sha256: 'c'.repeat(64) };
          return Promise.resolve({ kind: 'picture', image } as LibraryItem);
        },
      },
      target: () => target,
      onBegin: () => (begun += 1),
    });
  return { storage, uploads, open, begun: () => begun };
}
const dab = (masks: PictureMasks, x: number): void => {
  masks.begin({ x, y: 0.5 });
  masks.extend({ x: x + 0.1, y: 0.5 });
  masks.end();
};

describe('a mask', () => {
  it('is painted by strokes, which undo takes back one by one and redo brings back', () => {
    const masks = openMasks().open(picture);
    masks.toggle();
    expect([masks.painting, masks.share, masks.canUndo]).toEqual([true, 0, false]);
    dab(masks, 0.2);
    const one = masks.share;
    dab(masks, 0.7);
    const two = masks.share;
    expect(two).toBeGreaterThan(one);
    masks.undo();
    expect([masks.share, masks.canRedo]).toEqual([one, true]);
    masks.redo();
    expect([masks.share, masks.canRedo]).toEqual([two, false]);
    masks.undo();
    dab(masks, 0.5);
    expect(masks.canRedo).toBe(false);
  });

  it('is seen while a stroke is drawn, and a stroke that is given up leaves nothing', () => {
    const masks = openMasks().open(picture);
    masks.begin({ x: 0.5, y: 0.5 });
    expect(masks.share).toBeGreaterThan(0);
    masks.abandon();
    expect([masks.share, masks.canUndo]).toEqual([0, false]);
  });

  it('is painted with the keyboard: a rectangle that arrow keys move and Enter paints', () => {
    const masks = openMasks().open(picture);
    masks.tool = 'rectangle';
    masks.moveBox(-100, 0, false);
    masks.moveBox(0, -100, false);
    masks.moveBox(0, 100, true);
    expect(masks.box).toEqual({ left: 0, top: 0, width: 0.5, height: 1 });
    masks.paintBox();
    expect(masks.share).toBe(0.5);
    masks.erasing = true;
    masks.moveBox(-100, 0, true);
    masks.paintBox();
    expect(masks.share).toBeLessThan(0.5);
    masks.invert();
    expect(masks.share).toBeGreaterThan(0.5);
    masks.clear();
    expect(masks.share).toBe(0);
  });

  it('has a brush that keys make larger and smaller, within bounds', () => {
    const masks = openMasks().open(picture);
    const before = masks.radius;
    masks.stepRadius(1);
    expect(masks.radius).toBeGreaterThan(before);
    for (let press = 0; press < 50; press += 1) masks.stepRadius(1);
    expect(masks.radius).toBe(0.5);
    for (let press = 0; press < 50; press += 1) masks.stepRadius(-1);
    expect(masks.radius).toBeGreaterThan(0);
  });

  it('tells when painting begins, and is not painted where there is no picture', () => {
    const { open, begun } = openMasks();
    const masks = open(picture);
    masks.toggle();
    masks.toggle();
    expect([begun(), masks.painting]).toEqual([1, false]);
    const nowhere = open(null);
    nowhere.toggle();
    dab(nowhere, 0.5);
    expect([nowhere.painting, nowhere.canUndo, begun()]).toEqual([false, false, 1]);
  });

  it('survives a reload, each picture with its own, and can still be undone', () => {
    const { open } = openMasks();
    const masks = open(picture);
    dab(masks, 0.2);
    expect(open(other).share).toBe(0);
    dab(open(other), 0.7);
    const again = open(picture);
    expect(again.share).toBe(masks.share);
    again.undo();
    expect(again.share).toBe(0);
  });

  it('goes with a drawing that starts from its picture, and with no other', async () => {
    const { open, uploads } = openMasks();
    const masks = open(picture);
    const init = { imageSha256: picture.sha256, strength: 1 };
    expect(await masks.complete({ init })).toEqual({ init });
    dab(masks, 0.2);
    expect(await masks.complete({ steps: 4 })).toEqual({ steps: 4 });
    expect(await masks.complete({ init: { ...init, imageSha256: other.sha256 } })).not.toHaveProperty('init.maskSha256');
    expect(await masks.complete({ steps: 4, init })).toEqual({ steps: 4, init: { ...init, maskSha256: 'c'.repeat(64) } });
    expect(uploads).toEqual([{ title: 'Mask of fox', parentId: 'item-a' }]);
    const named = { ...init, maskSha256: 'd'.repeat(64) };
    expect(await masks.complete({ init: named })).toEqual({ init: named });
    masks.clear();
    expect(await masks.complete({ init })).toEqual({ init });
  });
});

describe('masks in the browser’s store', () => {
  it('are read as they were written', () => {
    const { storage, open } = openMasks();
    storage.setItem(key, readFileSync(join(SEVENTH_RECORDS, 'page', `${key}.json`), 'utf8'));
    const masks = open(picture);
    expect(masks.share).toBeGreaterThan(0.5);
    masks.undo();
    expect(masks.share).toBeLessThan(0.5);
  });

  it('of a later studio are left alone, and those that cannot be read are put aside', () => {
    const newer = JSON.stringify({ schemaVersion: NEWER, later: true });
    const { storage, open } = openMasks();
    storage.setItem(key, newer);
    dab(open(picture), 0.2);
    expect(storage.getItem(key)).toBe(newer);
    storage.setItem(key, '{"schemaVersion":1,"masks":[{"sha256":"none"}]}');
    expect(open(picture).canUndo).toBe(false);
    expect(storage.getItem(`${key}.unreadable`)).toContain('none');
  });
});
