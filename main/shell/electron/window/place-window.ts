import type { Bounds, WindowState } from './window-state.ts';

export const smallestWindow = { width: 800, height: 600 };
const firstSize = { width: 1440, height: 900 };
/** So much of a title bar must be on a display for a person to catch hold of it. */
const graspableWidth = 120;
const graspableHeight = 40;

const between = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));

function overlapWidth(a: Bounds, b: Bounds): number {
  return Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
}

/** Whether the window's title bar lies on the display, so that it can be moved. */
function isGraspable(bounds: Bounds, display: Bounds): boolean {
  const titleOnDisplay = bounds.y >= display.y - 1 && bounds.y <= display.y + display.height - graspableHeight;
  return titleOnDisplay && overlapWidth(bounds, display) >= graspableWidth;
}

function centre(size: { width: number; height: number }, display: Bounds): Bounds {
  const width = Math.min(size.width, display.width);
  const height = Math.min(size.height, display.height);
  return {
    x: display.x + Math.round((display.width - width) / 2),
    y: display.y + Math.round((display.height - height) / 2),
    width,
    height,
  };
}

/**
 * Where to open the window: where it was, if that is still on a display; otherwise in the middle of the first display.
 *
 * @param displays work areas, the primary one first; at least one
 */
export function placeWindow(state: WindowState, displays: readonly [Bounds, ...Bounds[]]): Bounds {
  const { bounds } = state;
  if (bounds === null) return centre(firstSize, displays[0]);
  const home = displays.find((display) => isGraspable(bounds, display));
  if (home === undefined) return centre(bounds, displays[0]);
  return {
    ...bounds,
    width: between(bounds.width, Math.min(smallestWindow.width, home.width), home.width),
    height: between(bounds.height, Math.min(smallestWindow.height, home.height), home.height),
  };
}
