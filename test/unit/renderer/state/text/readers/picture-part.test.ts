import { expect, it } from 'vitest';
import { OpenWork } from '../../../../../../renderer/state/text/open-work.svelte.ts';
import { PicturePart } from '../../../../../../renderer/state/text/readers/picture-part.svelte.ts';
import { regionOfHeat } from '../../../../../../renderer/state/text/readers/region-of-heat.ts';

const picture = (sha256: string) => ({ itemId: `item-${sha256[0]}`, sha256, width: 200, height: 100, title: 'Pig' });

function openPart(): { readonly work: OpenWork; readonly part: PicturePart } {
  const work = new OpenWork(() => 0);
  work.openPicture(picture('a'.repeat(64)), '5');
  return { work, part: new PicturePart(work) };
}

it('takes a rectangle from a drag in any direction, inside the picture', () => {
  const { part } = openPart();
  part.begin({ x: 0.5, y: 0.5 });
  part.end();
  expect(part.region).toBeNull();
  part.tool = 'rectangle';
  part.begin({ x: 0.75, y: 0.9 });
  part.move({ x: 0.3, y: 0.3 });
  part.move({ x: 0.25, y: -2 });
  part.end();
  expect(part.region).toEqual({ x: 50, y: 0, width: 100, height: 90 });
  expect(part.tool).toBeNull();
});

it('takes the corners of a lasso, and nothing from a click', () => {
  const { part } = openPart();
  part.tool = 'lasso';
  part.begin({ x: 0.1, y: 0.1 });
  part.end();
  expect([part.region, part.tool]).toEqual([null, 'lasso']);
  part.begin({ x: 0.1, y: 0.1 });
  part.move({ x: 0.1001, y: 0.1 });
  part.move({ x: 0.5, y: 0.1 });
  part.move({ x: 0.1, y: 0.5 });
  part.end();
  const outline = [
    [20, 10],
    [100, 10],
    [20, 50],
  ];
  expect(part.region).toEqual({ x: 20, y: 10, width: 80, height: 40, outline });
});

it('belongs to its picture alone', () => {
  const { work, part } = openPart();
  part.choose({ x: 1, y: 2, width: 3, height: 4 });
  work.openPicture(picture('b'.repeat(64)), '5');
  expect(part.region).toBeNull();
  work.undo();
  expect(part.region).not.toBeNull();
});

it('is the box around what a word looked at, as far as that holds together', () => {
  const grid = { rows: 3, columns: 4 };
  const values = [0, 0.6, 0, 0.9, 0, 1, 0.5, 0, 0, 0.2, 0, 0.8];
  const heat = { grid, values, strength: 1, peak: { row: 1, column: 1 } };
  const seen = { left: 0.25, top: 0, width: 0.5, height: 1 };
  expect(regionOfHeat(heat, seen, { width: 160, height: 60 })).toEqual({ x: 60, y: 0, width: 40, height: 40 });
});
