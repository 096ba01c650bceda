import { describe, expect, it } from 'vitest';
import type { ImageInput } from '../../../../../contract/models/pack.ts';
import { fitUnit, placeUnder } from '../../../../../renderer/state/canvas/canvas-geometry.ts';
import { CanvasView } from '../../../../../renderer/state/canvas/canvas-view.svelte.ts';
import { aspectOf } from '../../../../../renderer/state/canvas/canvas-picture.ts';
import type { CanvasPicture } from '../../../../../renderer/state/canvas/canvas-picture.ts';
import { nextZoomPercent } from '../../../../../renderer/state/canvas/next-zoom-percent.ts';
import { seenRegion, wholePicture } from '../../../../../renderer/state/text/seen-region.ts';
import { describeScale } from '../../../../../renderer/features/canvas/describe-scale.ts';

const input: ImageInput = { width: 64, height: 64, mean: [0, 0, 0], std: [1, 1, 1], resample: 'bicubic', fit: 'crop' };

function picture(width: number, height: number, cropped = false): CanvasPicture {
  const region = cropped ? seenRegion({ width, height }, input) : wholePicture;
  return { name: 'Picture', src: null, alt: '', width, height, region };
}

function viewOf(pictures: readonly CanvasPicture[], room = { width: 480, height: 400 }, pixelRatio = 1): CanvasView {
  const view = new CanvasView();
  view.set({ pictures, room, pixelRatio });
  return view;
}

const result = picture(64, 64);
const photo = picture(1500, 1000, true);

describe('fitting', () => {
  it('shows small pictures at whole multiples, crisp', () => {
    const view = viewOf([result]);
    expect(view.place(result)).toMatchObject({ width: 384, height: 384, scale: 6, crisp: true, left: 48, top: 8 });
    expect(view.percent).toBe(600);
    // Larger ones at whole multiples, too, but smoothed.
    const larger = picture(128, 128);
    expect(viewOf([larger], { width: 480, height: 400 }).place(larger)).toMatchObject({ width: 384, scale: 3, crisp: false });
  });

  it('counts device pixels, so that a small picture has even pixels on a dense screen as well', () => {
    const placed = viewOf([result], { width: 480, height: 400 }, 1.5).place(result);
    expect((placed.scale * 1.5) % 1).toBeCloseTo(0);
    expect((placed.left * 1.5) % 1).toBeCloseTo(0);
    expect(placed.crisp).toBe(true);
    // The caption names what the header names.
    const view = viewOf([result], { width: 480, height: 400 }, 2);
    expect(view.place(result).zoom * 100).toBe(view.percent);
  });

  it('shrinks large pictures and never blows them up', () => {
    const large = picture(4000, 3000);
    expect(viewOf([large], { width: 400, height: 400 }).place(large)).toMatchObject({ width: 400, height: 300, crisp: false });
    const middling = picture(512, 512);
    expect(viewOf([middling], { width: 900, height: 900 }).place(middling)).toMatchObject({ width: 512, scale: 1, crisp: false });
  });

  it('shrinks even a small picture when there is no room for its pixels', () => {
    expect(viewOf([result], { width: 40, height: 40 }).place(result)).toMatchObject({ width: 40, crisp: false });
  });

  it('shows what the encoder saw as large as the reconstruction, and all of a wide original', () => {
    const view = viewOf([photo, result]);
    const [original, drawn] = [view.place(photo), view.place(result)];
    expect(drawn.scale).toBe(5);
    expect(original.height).toBe(drawn.height);
    expect(original.width).toBeLessThanOrEqual(480);
    expect(original.left + original.width * photo.region.left).toBeCloseTo(drawn.left, 0);
  });

  it('finds a size at which two small pictures both have whole pixels', () => {
    expect(fitUnit([picture(128, 128), result], { width: 480, height: 400 }, 1)).toBe(384);
  });

  it('names the true size', () => {
    expect(describeScale(64, 64, 5)).toBe('64 × 64 · shown 5×');
    expect(describeScale(4000, 3000, 0.1)).toBe('4000 × 3000 · shown at 10%');
    expect(describeScale(512, 512, 1)).toBe('512 × 512 · true size');
  });
});

describe('zooming', () => {
  it('keeps what is under the pointer under it', () => {
    const view = viewOf([photo, result]);
    view.zoomBy(4, { x: 0, y: 0 }, photo);
    const point = { x: 90, y: -60 };
    const before = placeUnder(view.view, point, aspectOf(photo));
    view.zoomBy(1.7, point, photo);
    view.zoomBy(0.9, point, photo);
    const after = placeUnder(view.view, point, aspectOf(photo));
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it('moves both pictures together: the common part stays in one place of every pane', () => {
    const view = viewOf([photo, result]);
    view.zoomBy(3, { x: 40, y: 25 }, result);
    view.panBy(-70, 33, photo);
    const [original, drawn] = [view.place(photo), view.place(result)];
    const common = {
      left: original.left + original.width * photo.region.left,
      width: original.width * photo.region.width,
      height: original.height * photo.region.height,
    };
    expect(common.left).toBeCloseTo(drawn.left, 0);
    expect(common.width).toBeCloseTo(drawn.width, 6);
    expect(common.height).toBeCloseTo(drawn.height, 6);
    expect(original.top).toBeCloseTo(drawn.top, 0);
  });

  it('shows one pixel of the finest picture as one of the screen', () => {
    const view = viewOf([photo, result], { width: 480, height: 400 }, 2);
    view.actualSize();
    expect(view.percent).toBeCloseTo(100);
    expect(view.place(photo).scale).toBeCloseTo(0.5);
  });

  it('shows pixels as they are past 400 %, and smooth ones below', () => {
    const large = picture(800, 800);
    const view = viewOf([large]);
    view.zoomBy(7, { x: 0, y: 0 }, large);
    expect([view.percent, view.place(large).crisp]).toEqual([350, false]);
    view.zoomBy(1.2, { x: 0, y: 0 }, large);
    expect([Math.round(view.percent), view.place(large).crisp]).toEqual([420, true]);
  });

  it('steps through round percentages and back', () => {
    expect([63, 100, 400].map((percent) => nextZoomPercent(percent, 1))).toEqual([100, 150, 600]);
    expect([63, 100, 400].map((percent) => nextZoomPercent(percent, -1))).toEqual([50, 66.7, 300]);
  });

  it('never goes out of sight', () => {
    const view = viewOf([result]);
    view.panBy(500, 500, result);
    expect(view.fits).toBe(true);
    view.step(1);
    view.panBy(100_000, -100_000, result);
    const placed = view.place(result);
    expect([placed.left, placed.top + placed.height]).toEqual([0, 400]);
    for (let count = 0; count < 40; count += 1) view.step(1);
    expect(view.place(result).scale).toBe(64);
    for (let count = 0; count < 60; count += 1) view.step(-1);
    expect(view.place(result).scale).toBe(1);
  });

  it('is back at fitting after zooming out all the way, and follows the room again', () => {
    const large = picture(2000, 2000);
    const view = viewOf([large]);
    view.zoomBy(3, { x: 10, y: 10 }, large);
    expect(view.fits).toBe(false);
    view.zoomBy(0.01, { x: 10, y: 10 }, large);
    expect(view.fits).toBe(true);
    view.set({ pictures: [large], room: { width: 300, height: 300 }, pixelRatio: 1 });
    expect(view.place(large)).toMatchObject({ left: 0, top: 0, width: 300 });
  });
});

describe('seenRegion', () => {
  it('is the middle square of a wide or a tall picture', () => {
    expect(seenRegion({ width: 200, height: 100 }, input)).toEqual({ left: 0.25, top: 0, width: 0.5, height: 1 });
    expect(seenRegion({ width: 100, height: 400 }, input)).toEqual({ left: 0, top: 0.375, width: 1, height: 0.25 });
  });

  it('is everything where the pack stretches', () => {
    expect(seenRegion({ width: 200, height: 100 }, { ...input, fit: 'stretch' })).toEqual(wholePicture);
  });
});
