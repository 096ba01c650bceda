import { extname, resolve } from 'node:path';
import { CSV_MARK, csvLine } from '../../../files/csv-line.ts';
import type { CsvValue } from '../../../files/csv-line.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import { UsageError } from '../usage-error.ts';

type Line = Readonly<Record<string, CsvValue | readonly string[]>>;

const forms = {
  '.csv': (columns: readonly string[], lines: readonly Line[]): string =>
    CSV_MARK + csvLine(columns) + lines.map((line) => csvLine(columns.map((column) => cellOf(line[column])))).join(''),
  '.jsonl': (_: readonly string[], lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
} as const;

const isForm = (ending: string): ending is keyof typeof forms => Object.hasOwn(forms, ending);

function cellOf(value: Line[string] | undefined): CsvValue {
  return typeof value === 'object' && value !== null ? value.join(' ') : (value ?? null);
}

/** A table that grows line by line and lies whole in its files whenever it is saved: CSV and JSONL, by their endings. */
export class TableFiles {
  readonly #paths: readonly string[];
  readonly #columns: readonly string[];
  readonly #lines: Line[] = [];

  /**
   * @param columns those of CSV; a JSON line holds all it is given
   * @throws UsageError for a file of another kind
   */
  constructor(paths: readonly string[], columns: readonly string[]) {
    for (const path of paths) {
      if (!isForm(extname(path).toLowerCase())) throw new UsageError(`--out ${path}: name a file that ends in .csv or .jsonl.`);
    }
    this.#paths = paths;
    this.#columns = columns;
  }

  add(line: Line): void {
    this.#lines.push(line);
  }

  /** Writes what there is, over what was written before; no file is ever half there. */
  async save(): Promise<void> {
    for (const path of this.#paths) {
      const ending = extname(path).toLowerCase();
      if (isForm(ending)) await writeWhole(resolve(path), forms[ending](this.#columns, this.#lines));
    }
  }
}
