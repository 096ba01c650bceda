import type { Attachment } from 'svelte/attachments';
import type { CanvasView } from '../../../state/canvas/canvas-view.svelte.ts';
import type { Point } from '../../../state/canvas/canvas-geometry.ts';
import type { PictureMasks } from '../../../state/canvas/mask/picture-masks.svelte.ts';

/**
 * The pressed pointer paints, where nobody holds Space to move the picture; the wheel and the middle button are the canvas's as ever.
 *
 * @param onHover where the pointer is, in shares of the picture; null where it is elsewhere
 */
export function paintWithPointer(
  masks: PictureMasks,
  view: CanvasView,
  onHover: (place: Point | null) => void,
): Attachment<HTMLElement> {
  return (element) => {
    const placeOf = (event: PointerEvent): Point => {
      const box = element.getBoundingClientRect();
      return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    };
    let pressed: number | null = null;

    const press = (event: PointerEvent): void => {
      if (event.button !== 0 || view.grabbing || pressed !== null) return;
      // Else the canvas would take it for the beginning of a drag.
      event.stopPropagation();
      event.preventDefault();
      pressed = event.pointerId;
      element.setPointerCapture(pressed);
      masks.begin(placeOf(event));
    };
    const move = (event: PointerEvent): void => {
      onHover(event.pointerType === 'touch' ? null : placeOf(event));
      if (event.pointerId !== pressed) return;
      event.stopPropagation();
      // Places between two frames too, or a quick stroke would have corners.
      for (const between of event.getCoalescedEvents()) masks.extend(placeOf(between));
      masks.extend(placeOf(event));
    };
    const release = (event: PointerEvent): void => {
      if (event.pointerId !== pressed) return;
      pressed = null;
      if (event.type === 'pointerup') masks.end();
      else masks.abandon();
    };
    const leave = (): void => onHover(null);

    element.addEventListener('pointerdown', press);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', release);
    element.addEventListener('pointercancel', release);
    element.addEventListener('pointerleave', leave);
    return () => {
      if (pressed !== null) masks.abandon();
      element.removeEventListener('pointerdown', press);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', release);
      element.removeEventListener('pointercancel', release);
      element.removeEventListener('pointerleave', leave);
    };
  };
}
