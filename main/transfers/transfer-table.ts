import { nameOfTool } from '../../contract/transfer.ts';
import type { Transfer } from '../../contract/transfer.ts';
import { CSV_MARK, csvLine } from '../files/csv-line.ts';

const columns = [
  ...['prompt', 'text', 'tool', 'connection', 'seed', 'state', 'score', 'compared_with', 'time_ms', 'cost'],
  ...['prompt_mean', 'prompt_spread', 'sha256', 'item_id', 'error'],
];

/** A line for each picture, and for each that there is none of. */
export function transferTable({ rows, tools, seeds, cells }: Transfer): string {
  const lines = cells.map((cell) => {
    const row = rows[cell.row];
    const tool = tools[cell.column];
    return csvLine([
      ...[row?.name ?? null, row?.text ?? null, tool === undefined ? null : nameOfTool(tool), cell.connectionId],
      ...[cell.seed ?? seeds[cell.seedIndex] ?? null, cell.state, cell.score, row?.comparedWith ?? null],
      ...[cell.timeMs, cell.cost, row?.rating?.mean ?? null, row?.rating?.spread ?? null, cell.sha256, cell.itemId],
      cell.error?.message ?? null,
    ]);
  });
  return CSV_MARK + csvLine(columns) + lines.join('');
}
