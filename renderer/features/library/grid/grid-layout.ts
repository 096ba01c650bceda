/** A stretch of the grid's items, with or without a heading above it. */
export interface GridSection {
  readonly headed: boolean;
  readonly count: number;
}

export interface LaidSection extends GridSection {
  /** Position of its first item in the whole list. */
  readonly first: number;
  /** Number of its first row in the whole grid. */
  readonly firstRow: number;
  readonly rows: number;
  /** Upper edge of its heading, or of its cells where it has none. */
  readonly top: number;
  readonly cellsTop: number;
}

/** Where the cells of the grid lie. All lengths are CSS pixels. */
export interface GridLayout {
  readonly total: number;
  readonly columns: number;
  /** Side of the square a picture is shown in. */
  readonly side: number;
  /** From one row to the next. */
  readonly pitch: number;
  readonly rows: number;
  readonly height: number;
  readonly sections: readonly LaidSection[];
}

export const gridGap = 12;
export const gridPadding = 16;
/** The line under a picture. */
export const captionHeight = 24;
export const headingHeight = 40;
/** Rows drawn above and below what is in sight, so that a quick turn of the wheel shows no emptiness. */
const spareRows = 2;

/** Fills the width: as many columns as fit at the wanted side, which grows until nothing is left over. Every section begins a row. */
export function layOutGrid(sections: readonly GridSection[], width: number, wantedSide: number): GridLayout {
  const room = Math.max(1, width - 2 * gridPadding);
  const columns = Math.max(1, Math.floor((room + gridGap) / (wantedSide + gridGap)));
  const side = Math.max(1, Math.floor((room - gridGap * (columns - 1)) / columns));
  const pitch = side + captionHeight + gridGap;
  const laid: LaidSection[] = [];
  let [first, firstRow, top] = [0, 0, 0];
  for (const { headed, count } of sections) {
    const rows = Math.ceil(count / columns);
    if (rows === 0) continue;
    const cellsTop = top + (headed ? headingHeight : gridPadding);
    laid.push({ headed, count, first, firstRow, rows, top, cellsTop });
    first += count;
    firstRow += rows;
    top = cellsTop + rows * pitch;
  }
  const height = firstRow === 0 ? 0 : top - gridGap + gridPadding;
  return { total: first, columns, side, pitch, rows: firstRow, height, sections: laid };
}

/** Positions of the first and last item to draw; the last is smaller than the first when there is none. */
export function visibleRange(layout: GridLayout, scrollTop: number, roomHeight: number): readonly [number, number] {
  const spare = spareRows * layout.pitch;
  return [firstBelow(layout, scrollTop - spare), lastAbove(layout, scrollTop + roomHeight + spare)];
}

/** The first item whose cell ends below a height. */
function firstBelow({ sections, columns, pitch, total }: GridLayout, y: number): number {
  const section = sections.find(({ cellsTop, rows }) => cellsTop + rows * pitch > y);
  if (section === undefined) return total;
  return section.first + Math.max(0, Math.floor((y - section.cellsTop) / pitch)) * columns;
}

/** The last item whose cell begins above a height; -1 for none. */
function lastAbove({ sections, columns, pitch }: GridLayout, y: number): number {
  const section = sections.findLast(({ cellsTop }) => cellsTop < y);
  if (section === undefined) return -1;
  const rows = Math.min(section.rows, Math.ceil((y - section.cellsTop) / pitch));
  return section.first + Math.min(section.count, rows * columns) - 1;
}

/** The section an item lies in; undefined beyond the end of the list. */
export function sectionOf({ sections }: GridLayout, index: number): LaidSection | undefined {
  return sections.findLast(({ first }) => first <= index);
}

/**
 * Which item each cell shows, null for none where the list is shorter than the cells. Cell n always has one of the items n, n + cells,
 * n + 2 × cells …, so scrolling changes only the cells whose item left the range. All cells have an item, more than is in sight: one that were
 * empty between two items would be thrown away and made anew, which costs more than a frame has time for.
 */
export function assignCells(first: number, total: number, cells: number): readonly (number | null)[] {
  const from = Math.max(0, Math.min(first, total - cells));
  return Array.from({ length: cells }, (_, cell) => {
    const index = from - (from % cells) + cell + (cell < from % cells ? cells : 0);
    return index < total ? index : null;
  });
}

/** Cells enough for every range of this layout in a room of this height. */
export function countCells(layout: GridLayout, roomHeight: number): number {
  return (Math.ceil(roomHeight / layout.pitch) + 1 + 2 * spareRows) * layout.columns;
}

export function placeCell(layout: GridLayout, index: number): { readonly left: number; readonly top: number } {
  const { first, cellsTop } = sectionOf(layout, index) ?? { first: 0, cellsTop: gridPadding };
  const column = (index - first) % layout.columns;
  const row = Math.floor((index - first) / layout.columns);
  return { left: gridPadding + column * (layout.side + gridGap), top: cellsTop + row * layout.pitch };
}

/** How far to scroll so that a cell is whole in sight, below the heading that stays above it; null when it is. */
export function scrollToCell(layout: GridLayout, index: number, scrollTop: number, roomHeight: number): number | null {
  const { top } = placeCell(layout, index);
  const above = sectionOf(layout, index)?.headed === true ? headingHeight : gridPadding;
  const bottom = top + layout.side + captionHeight;
  if (top - above < scrollTop) return Math.max(0, top - above);
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

/** Where a key takes the focus. Null for keys that move nothing. Up and down keep the column, also from one section to the next. */
export function moveFocus(key: string, from: number, layout: GridLayout, roomHeight: number): number | null {
  const { total } = layout;
  if (total === 0) return null;
  const page = Math.max(1, Math.floor(roomHeight / layout.pitch));
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(total - 1, from + 1);
    case 'ArrowUp':
      return moveRows(layout, from, -1);
    case 'ArrowDown':
      return moveRows(layout, from, 1);
    case 'PageUp':
      return moveRows(layout, from, -page);
    case 'PageDown':
      return moveRows(layout, from, page);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

function moveRows(layout: GridLayout, from: number, rows: number): number {
  const here = sectionOf(layout, from);
  if (here === undefined) return from;
  const column = (from - here.first) % layout.columns;
  const row = here.firstRow + Math.floor((from - here.first) / layout.columns);
  const to = Math.min(layout.rows - 1, Math.max(0, row + rows));
  const there = layout.sections.findLast(({ firstRow }) => firstRow <= to) ?? here;
  // A row that is short is left at its end; at the ends of the list the focus stays.
  if (to === row) return from;
  return Math.min(there.first + there.count - 1, there.first + (to - there.firstRow) * layout.columns + column);
}
