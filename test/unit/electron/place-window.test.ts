import { expect, test } from 'vitest';
import { placeWindow } from '../../../main/shell/electron/window/place-window.ts';
import type { Bounds, WindowState } from '../../../main/shell/electron/window/window-state.ts';

const laptop: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const screen: Bounds = { x: 1440, y: 0, width: 2560, height: 1400 };
const at = (bounds: Bounds | null): WindowState => ({ bounds, maximised: false, fullScreen: false });

test('the first window is in the middle of the first display and no larger than it', () => {
  expect(placeWindow(at(null), [screen])).toEqual({ x: 2000, y: 250, width: 1440, height: 900 });
  expect(placeWindow(at(null), [laptop])).toEqual({ x: 0, y: 25, width: 1440, height: 875 });
});

test('a window opens where it was, on either display', () => {
  const left = { x: 100, y: 80, width: 1000, height: 700 };
  const right = { x: 1700, y: 300, width: 1800, height: 1000 };
  expect(placeWindow(at(left), [laptop, screen])).toEqual(left);
  expect(placeWindow(at(right), [laptop, screen])).toEqual(right);
});

test('a window of a display that is gone comes back to the first one with its size', () => {
  const lost = { x: 1700, y: 300, width: 1200, height: 800 };
  expect(placeWindow(at(lost), [laptop])).toEqual({ x: 120, y: 63, width: 1200, height: 800 });
});

test.each([
  ['above the display', { x: 100, y: -300, width: 1000, height: 700 }],
  ['below it', { x: 100, y: 890, width: 1000, height: 700 }],
  ['almost wholly left of it', { x: -950, y: 100, width: 1000, height: 700 }],
])('a title bar that nobody could reach is brought back: %s', (_name, bounds) => {
  expect(placeWindow(at(bounds), [laptop])).toEqual({ x: 220, y: 113, width: 1000, height: 700 });
});

test('a window is never larger than its display and never too small to use', () => {
  const huge = { x: 10, y: 30, width: 5000, height: 4000 };
  const tiny = { x: 10, y: 30, width: 200, height: 100 };
  expect(placeWindow(at(huge), [laptop])).toEqual({ x: 10, y: 30, width: 1440, height: 875 });
  expect(placeWindow(at(tiny), [laptop])).toEqual({ x: 10, y: 30, width: 800, height: 600 });
});
