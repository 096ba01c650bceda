/** Where the cells of the grid lie. All lengths are CSS pixels. */
export interface GridLayout {
  readonly columns: number;
  /** Side of the square a picture is shown in. */
  readonly side: number;
  /** From one row to the next. */
  readonly pitch: number;
  readonly rows: number;
  readonly height: number;
}

export const gridGap = 12;
export const gridPadding = 16;
/** The line under a picture. */
export const captionHeight = 24;
/** Rows drawn above and below what is in sight, so that a quick turn of the wheel shows no emptiness. */
const spareRows = 2;

/** Fills the width: as many columns as fit at the wanted side, which grows until nothing is left over. */
export function layOutGrid(total: number, width: number, wantedSide: number): GridLayout {
  const room = Math.max(1, width - 2 * gridPadding);
  const columns = Math.max(1, Math.floor((room + gridGap) / (wantedSide + gridGap)));
  const side = Math.max(1, Math.floor((room - gridGap * (columns - 1)) / columns));
  const pitch = side + captionHeight + gridGap;
  const rows = Math.ceil(total / columns);
  return { columns, side, pitch, rows, height: rows === 0 ? 0 : 2 * gridPadding + rows * pitch - gridGap };
}

/** Positions of the first and last item to draw; the last is smaller than the first when there is none. */
export function visibleRange(
  layout: GridLayout,
  total: number,
  scrollTop: number,
  roomHeight: number,
): readonly [number, number] {
  const first = Math.max(0, Math.floor((scrollTop - gridPadding) / layout.pitch) - spareRows);
  const last = Math.min(layout.rows - 1, Math.floor((scrollTop + roomHeight - gridPadding) / layout.pitch) + spareRows);
  return [first * layout.columns, Math.min(total, (last + 1) * layout.columns) - 1];
}

/**
 * Which item each cell shows, null for none. Cell n always has one of the items n, n + cells, n + 2 × cells …, so scrolling changes
 * only the cells whose item left the range, and none is made or thrown away.
 */
export function assignCells(first: number, last: number, cells: number): readonly (number | null)[] {
  return Array.from({ length: cells }, (_, cell) => {
    const index = first - (first % cells) + cell + (cell < first % cells ? cells : 0);
    return index <= last ? index : null;
  });
}

/** Cells enough for every range of this layout in a room of this height. */
export function countCells(layout: GridLayout, roomHeight: number): number {
  return (Math.ceil(roomHeight / layout.pitch) + 1 + 2 * spareRows) * layout.columns;
}

export function placeCell(layout: GridLayout, index: number): { readonly left: number; readonly top: number } {
  const column = index % layout.columns;
  const row = Math.floor(index / layout.columns);
  return { left: gridPadding + column * (layout.side + gridGap), top: gridPadding + row * layout.pitch };
}

/** How far to scroll so that a cell is whole in sight; null when it is. */
export function scrollToCell(layout: GridLayout, index: number, scrollTop: number, roomHeight: number): number | null {
  const { top } = placeCell(layout, index);
  const bottom = top + layout.side + captionHeight;
  if (top - gridPadding < scrollTop) return Math.max(0, top - gridPadding);
  return bottom + gridPadding > scrollTop + roomHeight ? bottom + gridPadding - roomHeight : null;
}

/** Pictures up to this side are small-world pictures: shown at whole multiples, so that every pixel is the same size. */
const smallSide = 256;

/** The size of a picture in a cell: whole multiples for small pictures, never larger than itself for others. */
export function fitCell(
  width: number,
  height: number,
  side: number,
): { readonly width: number; readonly height: number; readonly crisp: boolean } {
  const most = side / Math.max(width, height);
  const small = Math.max(width, height) <= smallSide && most >= 1;
  const scale = small ? Math.floor(most) : Math.min(most, 1);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)), crisp: small };
}

/** Where a key takes the focus. Null for keys that move nothing. */
export function moveFocus(key: string, from: number, layout: GridLayout, total: number, roomHeight: number): number | null {
  const page = Math.max(1, Math.floor(roomHeight / layout.pitch)) * layout.columns;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -layout.columns,
    ArrowDown: layout.columns,
    PageUp: -page,
    PageDown: page,
    Home: -total,
    End: total,
  };
  const step = steps[key];
  if (step === undefined || total === 0) return null;
  const to = from + step;
  // Up from the first row and down from the last stay in their column.
  if (Math.abs(step) === layout.columns && (to < 0 || to >= total)) {
    const below = step > 0 && Math.floor(from / layout.columns) < layout.rows - 1;
    return below ? total - 1 : from;
  }
  return Math.min(total - 1, Math.max(0, to));
}
