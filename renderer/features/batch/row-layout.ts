/** Height of a row in CSS pixels. */
export const rowHeight = 52;
/** Height of the head, which stays in sight. */
export const headHeight = 32;
/** Rows kept above and below what is in sight. */
const spare = 8;

/** First and last row to be there, end included; last < first where there is none. */
export function visibleRows(total: number, scrollTop: number, height: number): readonly [first: number, last: number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const last = Math.min(total - 1, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return [first, last];
}

/** Where to scroll so that a row is in sight; null where it is. */
export function scrollToRow(index: number, scrollTop: number, height: number): number | null {
  const top = index * rowHeight;
  const room = height - headHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + room ? top + rowHeight - room : null;
}

/** Where a key leads among rows; null for other keys. */
export function moveByKey(key: string, from: number, total: number, height: number): number | null {
  const page = Math.max(1, Math.floor((height - headHeight) / rowHeight) - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: from - 1,
    ArrowDown: from + 1,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: total - 1,
  };
  const to = steps[key];
  return to === undefined || total === 0 ? null : Math.min(total - 1, Math.max(0, to));
}
