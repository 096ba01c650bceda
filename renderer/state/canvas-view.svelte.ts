/** How the canvas is looked at right now. Not remembered, not undone. */
export class CanvasView {
  /** True while B is held: the original takes the place of the reconstruction. */
  before = $state(false);
  /** Where the slider's line stands, 0 (all reconstruction) to 1 (all original). */
  sliderAt = $state(0.5);
  /** A file is being dragged over the window. */
  dropping = $state(false);
}
