import { headHeight, rowHeight } from './row-layout.ts';

const rowsType = 'application/x-dediffusion-rows';

/** Begins to drag a row, and with it those chosen. */
export function dragRow(event: DragEvent, rowId: string): void {
  event.dataTransfer?.setData(rowsType, rowId);
}

/** Where dragged rows would come to lie. */
export class RowDrop {
  /** Before which row; null while none are dragged over the table. */
  at: number | null = $state(null);

  /** @param total rows of the table */
  over(event: DragEvent, grid: HTMLElement, total: number): void {
    if (!this.#carriesRows(event)) return;
    event.preventDefault();
    const y = event.clientY - grid.getBoundingClientRect().top - headHeight + grid.scrollTop;
    this.at = Math.min(total, Math.max(0, Math.round(y / rowHeight)));
  }

  leave(): void {
    this.at = null;
  }

  /** Before which row the dropped ones come; null where something else was dropped. */
  take(event: DragEvent): number | null {
    const { at } = this;
    if (at === null || !this.#carriesRows(event)) return null;
    event.preventDefault();
    event.stopPropagation();
    this.at = null;
    return at;
  }

  #carriesRows(event: DragEvent): boolean {
    return event.dataTransfer?.types.includes(rowsType) ?? false;
  }
}
