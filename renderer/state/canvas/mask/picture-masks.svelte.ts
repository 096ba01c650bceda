import type { StudioError } from '../../../../contract/errors.ts';
import type { GenerateSettings } from '../../../../contract/recipe.ts';
import type { Transport } from '../../../client/transport.ts';
import { say } from '../../../language/say.ts';
import type { Region } from '../../text/seen-region.ts';
import type { Point } from '../canvas-geometry.ts';
import type { MaskStroke, PictureMask } from './mask-record.ts';
import type { MaskShelf } from './mask-shelf.ts';
import { paintMask, paintStroke } from './paint-mask.ts';
import { writeGreyPng } from './write-grey-png.ts';

/** A picture that can be painted over. */
export type MaskedPicture = Omit<PictureMask, 'strokes'>;

type MaskTool = 'brush' | 'rectangle';

interface Options {
  readonly shelf: MaskShelf;
  readonly transport: Pick<Transport, 'uploadImage'>;
  /** The picture on the canvas that the next drawing starts from; from noise, the one it would start from. Null where there is none. */
  readonly target: () => MaskedPicture | null;
  /** A person begins to paint: the drawing is to start from that picture. */
  readonly onBegin: () => void;
}

/** What is seen of a mask is painted no larger than this, in pixels. */
const mostShown = 512;
/** Radius of the brush, as a share of the picture's longer side, and how much one key press changes it. */
const [leastRadius, mostRadius, radiusFactor] = [0.004, 0.5, 1.25];
/** A pointer tells of more places than a brush can show: those nearer than this share of its radius are passed over. */
const finestStep = 0.1;
/** How far an arrow key moves the rectangle or its edge, as a share of the picture. */
const boxStep = 0.02;
const usualBox: Region = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };

/** Masks painted over pictures, each a list of strokes: what they make white is drawn anew. */
export class PictureMasks {
  /** The canvas takes strokes. */
  #painting = $state(false);
  tool: MaskTool = $state('brush');
  /** Strokes take away instead of adding. */
  erasing = $state(false);
  #radius = $state(0.06);
  #box: Region = $state.raw(usualBox);
  #masks: readonly PictureMask[] = $state.raw([]);
  /** What undo took back, the latest last; of the mask that was changed last. */
  #undone: readonly MaskStroke[] = $state.raw([]);
  /** The stroke that is being drawn. */
  #live: MaskStroke | null = $state.raw(null);
  /** Where it began. */
  #from: Point = { x: 0, y: 0 };
  readonly #options: Options;
  readonly #target = $derived.by(() => this.#options.target());
  readonly #mask = $derived(this.#masks.find(({ sha256 }) => sha256 === this.#target?.sha256) ?? null);
  readonly #size = $derived.by(() => {
    const { width, height } = this.#target ?? { width: 1, height: 1 };
    const scale = Math.min(1, mostShown / Math.max(width, height));
    return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  });
  readonly #settled = $derived(paintMask(this.#mask?.strokes ?? [], this.#size));
  readonly #shown = $derived.by(() => {
    if (this.#live === null) return this.#settled;
    const shown = this.#settled.slice();
    paintStroke(shown, this.#size, this.#live);
    return shown;
  });

  constructor(options: Options) {
    this.#options = options;
    this.#masks = options.shelf.read();
  }

  /** Why the masks of a later studio are left alone; null where there are none. */
  get newer(): StudioError | null {
    return this.#options.shelf.newer;
  }

  get painting(): boolean {
    return this.#painting && this.#target !== null;
  }

  /** The picture that is painted over; null where there is none. */
  get target(): MaskedPicture | null {
    return this.#target;
  }

  /** The mask with the stroke that is being drawn, at a size made for the eye: 1 where it is white. */
  get shown(): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
    return { ...this.#size, data: this.#shown };
  }

  /** How much of the picture is drawn anew, 0..1. */
  get share(): number {
    return this.#shown.reduce((sum, value) => sum + value, 0) / this.#shown.length;
  }

  /** Of the brush, as a share of the picture's longer side. */
  get radius(): number {
    return this.#radius;
  }

  /** The rectangle that Enter paints, in shares of the picture. */
  get box(): Region {
    return this.#box;
  }

  get canUndo(): boolean {
    return (this.#mask?.strokes.length ?? 0) > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0 && this.#mask !== null && this.#masks[0] === this.#mask;
  }

  toggle(): void {
    this.#live = null;
    this.#painting = !this.painting;
    if (this.painting) this.#options.onBegin();
  }

  setRadius(radius: number): void {
    this.#radius = Math.min(mostRadius, Math.max(leastRadius, radius));
  }

  stepRadius(direction: 1 | -1): void {
    this.setRadius(this.#radius * radiusFactor ** direction);
  }

  /** A stroke begins at a place, in shares of the picture. */
  begin({ x, y }: Point): void {
    const erases = this.erasing;
    this.#live =
      this.tool === 'brush'
        ? { type: 'line', erases, radius: this.#radius, points: [roundedShare(x), roundedShare(y)] }
        : { type: 'rectangle', erases, ...boxBetween({ x, y }, { x, y }) };
    this.#from = { x, y };
  }

  extend(to: Point): void {
    const live = this.#live;
    if (live?.type === 'line') {
      const [x = 0, y = 0] = live.points.slice(-2);
      if (Math.hypot(to.x - x, to.y - y) >= live.radius * finestStep)
        this.#live = { ...live, points: [...live.points, roundedShare(to.x), roundedShare(to.y)] };
    } else if (live?.type === 'rectangle') this.#live = { ...live, ...boxBetween(this.#from, to) };
  }

  end(): void {
    const live = this.#live;
    this.#live = null;
    if (live === null || (live.type === 'rectangle' && (live.width === 0 || live.height === 0))) return;
    if (live.type === 'rectangle') {
      const { left, top, width, height } = live;
      this.#box = { left, top, width, height };
    }
    this.#add(live);
  }

  /** Gives up the stroke that is being drawn. */
  abandon(): void {
    this.#live = null;
  }

  /** Moves the rectangle by steps, or with `resizes` its right and lower edge. */
  moveBox(columns: number, rows: number, resizes: boolean): void {
    const { left, top, width, height } = this.#box;
    const held = (value: number, least: number, most: number): number => roundedShare(Math.min(most, Math.max(least, value)));
    this.#box = resizes
      ? {
          ...{ left, top },
          width: held(width + columns * boxStep, boxStep, 1 - left),
          height: held(height + rows * boxStep, boxStep, 1 - top),
        }
      : {
          left: held(left + columns * boxStep, 0, 1 - width),
          top: held(top + rows * boxStep, 0, 1 - height),
          ...{ width, height },
        };
  }

  /** Paints the rectangle, or takes it away. */
  paintBox(): void {
    this.#add({ type: 'rectangle', erases: this.erasing, ...this.#box });
  }

  invert(): void {
    this.#add({ type: 'invert' });
  }

  clear(): void {
    if (this.canUndo) this.#add({ type: 'clear' });
  }

  undo(): void {
    const last = this.#mask?.strokes.at(-1);
    if (this.#mask === null || last === undefined) return;
    this.#undone = [...this.#undone, last];
    this.#keep({ ...this.#mask, strokes: this.#mask.strokes.slice(0, -1) });
  }

  redo(): void {
    const last = this.#undone.at(-1);
    if (!this.canRedo || last === undefined) return;
    const left = this.#undone.slice(0, -1);
    this.#add(last);
    this.#undone = left;
  }

  /**
   * Settings of a drawing, with the mask of the picture it starts from where one is painted and none is named yet. The core is given the mask first, as a picture made from
   * that one.
   *
   * @throws StudioError with the core's reason when it does not take the mask
   */
  async complete(settings: GenerateSettings): Promise<GenerateSettings> {
    const { init } = settings;
    const mask = this.#masks.find(({ sha256 }) => sha256 === init?.imageSha256);
    if (init === undefined || init.maskSha256 !== undefined || mask === undefined) return settings;
    const painted = paintMask(mask.strokes, mask);
    if (!painted.includes(1)) return settings;
    const png = await writeGreyPng(painted, mask);
    const item = await this.#options.transport.uploadImage(png, say('canvas.mask.title', { title: mask.title }), mask.itemId);
    if (item.kind === 'prompt') throw new Error('the mask came back as a text');
    return { ...settings, init: { ...init, maskSha256: item.image.sha256 } };
  }

  #add(stroke: MaskStroke): void {
    const target = this.#target;
    if (target === null) return;
    this.#undone = [];
    this.#keep({ ...target, strokes: [...(this.#mask?.strokes ?? []), stroke] });
  }

  #keep(mask: PictureMask): void {
    this.#masks = [mask, ...this.#masks.filter(({ sha256 }) => sha256 !== mask.sha256)];
    this.#options.shelf.write(this.#masks);
  }
}

/** Finer than any screen shows, and short to keep. */
const roundedShare = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Within the picture. */
function boxBetween(a: Point, b: Point): Region {
  const inside = (value: number): number => roundedShare(Math.min(1, Math.max(0, value)));
  const [left, top] = [inside(Math.min(a.x, b.x)), inside(Math.min(a.y, b.y))];
  return {
    ...{ left, top },
    width: roundedShare(inside(Math.max(a.x, b.x)) - left),
    height: roundedShare(inside(Math.max(a.y, b.y)) - top),
  };
}
