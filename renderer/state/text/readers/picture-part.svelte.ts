import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import type { OpenWork } from '../open-work.svelte.ts';

/** What a drag over the original draws. */
export type PartTool = 'rectangle' | 'lasso';

/** A place of a picture in shares of its width and height, 0..1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corners of a lasso that are nearer than this, in shares of the picture, are one. */
const leastStep = 1 / 200;
const mostCorners = 400;

/** The part of the open picture that is read alone: drawn on the original, typed, or taken from what a word looked at. */
export class PicturePart {
  /** What the next drag draws; null while drags do what they always do. */
  tool: PartTool | null = $state(null);
  #chosen: { readonly imageSha256: string; readonly region: PictureRegion } | null = $state.raw(null);
  #trail: readonly Point[] = $state.raw([]);
  readonly #work: OpenWork;

  constructor(work: OpenWork) {
    this.#work = work;
  }

  /** In pixels of the open picture; null where none is chosen. */
  get region(): PictureRegion | null {
    const chosen = this.#chosen;
    return chosen !== null && chosen.imageSha256 === this.#work.picture?.sha256 ? chosen.region : null;
  }

  /** Where the drag went so far; of a rectangle its two corners. */
  get trail(): readonly Point[] {
    return this.#trail;
  }

  choose(region: PictureRegion | null): void {
    const { picture } = this.#work;
    this.#chosen = region === null || picture === null ? null : { imageSha256: picture.sha256, region };
  }

  begin(point: Point): void {
    if (this.tool !== null) this.#trail = [inside(point)];
  }

  move(point: Point): void {
    const [first] = this.#trail;
    const last = this.#trail.at(-1);
    if (first === undefined || last === undefined) return;
    const next = inside(point);
    if (this.tool === 'rectangle') this.#trail = [first, next];
    else if (Math.hypot(next.x - last.x, next.y - last.y) >= leastStep && this.#trail.length < mostCorners)
      this.#trail = [...this.#trail, next];
  }

  /** What was drawn is chosen; a click that went nowhere changes nothing. */
  end(): void {
    const { picture } = this.#work;
    const trail = this.#trail;
    this.#trail = [];
    if (picture === null || this.tool === null || trail.length < (this.tool === 'lasso' ? 3 : 2)) return;
    const corners = trail.map(({ x, y }) => [Math.round(x * picture.width), Math.round(y * picture.height)] as [number, number]);
    const left = Math.min(...corners.map(([x]) => x));
    const top = Math.min(...corners.map(([, y]) => y));
    const width = Math.max(...corners.map(([x]) => x)) - left;
    const height = Math.max(...corners.map(([, y]) => y)) - top;
    if (width === 0 || height === 0) return;
    const box = { x: left, y: top, width, height };
    this.choose(this.tool === 'lasso' ? { ...box, outline: corners } : box);
    this.tool = null;
  }

  /** Lets go of what is being drawn. */
  cancel(): void {
    this.#trail = [];
    this.tool = null;
  }
}

function inside({ x, y }: Point): Point {
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  return { x: clamp(x), y: clamp(y) };
}
