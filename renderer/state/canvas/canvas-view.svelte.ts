import { clampCentre, finestOf, fitUnit, scaleAt, unitLimits, zoomAbout } from './canvas-geometry.ts';
import type { Point, Room, View } from './canvas-geometry.ts';
import { aspectOf } from './canvas-picture.ts';
import type { CanvasPicture } from './canvas-picture.ts';
import { nextZoomPercent } from './next-zoom-percent.ts';
import { placePicture } from './place-picture.ts';
import type { Placement } from './place-picture.ts';

/** What is on the canvas now and how much room each picture has. */
export interface Stage {
  readonly pictures: readonly CanvasPicture[];
  /** Of one pane, in CSS pixels. */
  readonly room: Room;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
}

const emptyStage: Stage = { pictures: [], room: { width: 1, height: 1 }, pixelRatio: 1 };
const middle: Point = { x: 0.5, y: 0.5 };

/** How the canvas is looked at right now. Not remembered, not undone. */
export class CanvasView {
  /** True while B is held: the original takes the place of the reconstruction. */
  before = $state(false);
  /** Where the slider's line stands, 0 (all reconstruction) to 1 (all original). */
  sliderAt = $state(0.5);
  /** A file is being dragged over the window. */
  dropping = $state(false);
  /** What no content word looks at is shaded. */
  blind = $state(false);
  /** The picture is being dragged: pointing at places waits. */
  panning = $state(false);
  /** Space is held: the next drag pans, whatever else dragging does. */
  grabbing = $state(false);
  #stage: Stage = $state.raw(emptyStage);
  /** Null fits the pictures into their room, also when that changes. */
  #unit: number | null = $state(null);
  #centre: Point = $state.raw(middle);
  readonly #fitted = $derived.by(() => fitUnit(this.#stage.pictures, this.#stage.room, this.#stage.pixelRatio));
  readonly #view = $derived.by((): View => {
    const { pictures, room } = this.#stage;
    const unit = this.#unit === null ? this.#fitted : this.#limit(this.#unit);
    return { unit, centre: clampCentre(this.#unit === null ? middle : this.#centre, unit, pictures, room) };
  });

  get view(): View {
    return this.#view;
  }

  /** True while the pictures fill their room and nothing is out of sight. */
  get fits(): boolean {
    return this.#unit === null;
  }

  /** Device pixels per pixel of the finest picture, in percent. */
  get percent(): number {
    const finest = finestOf(this.#stage.pictures);
    return finest === null ? 100 : scaleAt(finest, this.#view.unit) * this.#stage.pixelRatio * 100;
  }

  /** Called by the canvas whenever its pictures or its size change. */
  set(stage: Stage): void {
    this.#stage = stage;
  }

  place(picture: CanvasPicture): Placement {
    return placePicture(picture, this.#view, this.#stage.room, this.#stage.pixelRatio);
  }

  toggleBlind(): void {
    this.blind = !this.blind;
  }

  fit(): void {
    this.#unit = null;
    this.#centre = middle;
  }

  /** One pixel of the finest picture is one pixel of the screen. */
  actualSize(): void {
    this.#zoomToPercent(100);
  }

  /** To the next round percentage, about the middle. */
  step(direction: 1 | -1): void {
    this.#zoomToPercent(nextZoomPercent(this.percent, direction));
  }

  /** @param point counted from the pane's middle; it keeps what it shows */
  zoomBy(factor: number, point: Point, picture: CanvasPicture): void {
    this.#take(zoomAbout(this.#view, this.#limit(this.#view.unit * factor), point, aspectOf(picture)));
  }

  /** Moves the pictures by CSS pixels. Nothing happens where they fit. */
  panBy(x: number, y: number, picture: CanvasPicture): void {
    if (this.fits) return;
    const { unit, centre } = this.#view;
    this.#take({ unit, centre: { x: centre.x - x / (unit * aspectOf(picture)), y: centre.y - y / unit } });
  }

  /** Moves what is seen by a share of the room, for keys: +1 is one step to the right or down. */
  nudge(columns: number, rows: number): void {
    const [picture] = this.#stage.pictures;
    const { room } = this.#stage;
    if (picture !== undefined) this.panBy(-columns * room.width * 0.2, -rows * room.height * 0.2, picture);
  }

  #zoomToPercent(percent: number): void {
    const finest = finestOf(this.#stage.pictures);
    if (finest === null) return;
    const unit = (percent / 100 / this.#stage.pixelRatio) * finest.height * finest.region.height;
    this.#take({ unit: this.#limit(unit), centre: this.#view.centre });
  }

  #take({ unit, centre }: View): void {
    const { pictures, room } = this.#stage;
    if (Math.abs(unit - this.#fitted) < 1e-6) {
      this.fit();
      return;
    }
    this.#unit = unit;
    this.#centre = clampCentre(centre, unit, pictures, room);
  }

  #limit(unit: number): number {
    const { least, most } = unitLimits(this.#stage.pictures, this.#fitted, this.#stage.pixelRatio);
    return Math.min(most, Math.max(least, unit));
  }
}
