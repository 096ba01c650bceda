import type { Attachment } from 'svelte/attachments';
import type { Point } from '../../state/canvas/canvas-geometry.ts';
import type { CanvasView } from '../../state/canvas/canvas-view.svelte.ts';
import type { CanvasPicture } from '../../state/canvas/canvas-picture.ts';

/** How far a pressed pointer goes before it drags: a click's own tremble is not a drag. */
const dragAfterPx = 4;
/** Zoom per pixel of the wheel; one notch of a mouse is about 100. */
const wheelRate = 0.0022;
/** A pinch on a touchpad comes as small wheel steps with Ctrl. */
const pinchRate = 0.011;
const pixelsPerLine = 16;

/** Wheel and pinch zoom about the pointer; dragging pans where the picture is larger than its room. */
export function panAndZoom(view: CanvasView, picture: () => CanvasPicture): Attachment<HTMLElement> {
  return (element) => {
    const fingers = new Map<number, Point>();
    let start: Point | null = null;

    const fromMiddle = (at: Point): Point => {
      const box = element.getBoundingClientRect();
      return { x: at.x - box.left - box.width / 2, y: at.y - box.top - box.height / 2 };
    };
    const at = (event: PointerEvent | WheelEvent): Point => ({ x: event.clientX, y: event.clientY });

    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1;
      if (event.shiftKey) {
        view.panBy(-(event.deltaX + event.deltaY) * pixels, 0, picture());
        return;
      }
      const rate = event.ctrlKey || event.metaKey ? pinchRate : wheelRate;
      view.zoomBy(Math.exp(-event.deltaY * pixels * rate), fromMiddle(at(event)), picture());
    };

    const press = (event: PointerEvent): void => {
      const drags = event.button === 1 || (event.button === 0 && (!view.fits || view.grabbing));
      if (event.pointerType !== 'touch' && !drags) return;
      if (event.button === 1) event.preventDefault();
      fingers.set(event.pointerId, at(event));
      start = at(event);
    };

    const pinch = (event: PointerEvent): void => {
      const before = [...fingers.values()];
      fingers.set(event.pointerId, at(event));
      const after = [...fingers.values()];
      const [a, b] = [spread(before), spread(after)];
      view.panBy(b.middle.x - a.middle.x, b.middle.y - a.middle.y, picture());
      if (a.length > 0) view.zoomBy(b.length / a.length, fromMiddle(b.middle), picture());
    };

    const move = (event: PointerEvent): void => {
      const last = fingers.get(event.pointerId);
      if (last === undefined || start === null) return;
      if (fingers.size > 1) {
        view.panning = true;
        pinch(event);
        return;
      }
      const here = at(event);
      if (!view.panning && Math.hypot(here.x - start.x, here.y - start.y) < dragAfterPx) return;
      if (!view.panning && !view.fits) {
        element.setPointerCapture(event.pointerId);
        view.panning = true;
      }
      fingers.set(event.pointerId, here);
      if (view.panning) view.panBy(here.x - last.x, here.y - last.y, picture());
    };

    const release = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
      if (fingers.size === 0) view.panning = false;
    };

    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', press);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', release);
    element.addEventListener('pointercancel', release);
    return () => {
      view.panning = false;
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', press);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', release);
      element.removeEventListener('pointercancel', release);
    };
  };
}

/** The middle of two fingers and how far apart they are, in CSS pixels. */
function spread(points: readonly Point[]): { middle: Point; length: number } {
  const [a = { x: 0, y: 0 }, b = a] = points;
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, length: Math.hypot(a.x - b.x, a.y - b.y) };
}
