import type { CommandResult } from '../command-context.ts';

/**
 * The results of a command that has many, written as they come: nothing of them stays in memory. With `--json` the whole is one
 * document whose property of that name is the list; one result a line.
 */
export class ResultList {
  #count = 0;
  readonly #name: string;
  readonly #json: boolean;
  readonly #write: (text: string) => Promise<void>;

  /** @param write resolves when the text is handed to the system */
  constructor(name: string, json: boolean, write: (text: string) => Promise<void>) {
    this.#name = name;
    this.#json = json;
    this.#write = write;
  }

  /** True when something has been written, so that nothing but `end` may follow. */
  get isOpen(): boolean {
    return this.#count > 0;
  }

  async add({ document, text }: Pick<CommandResult, 'document' | 'text'>): Promise<void> {
    const isFirst = this.#count === 0;
    this.#count += 1;
    if (this.#json) await this.#write(`${isFirst ? `{${JSON.stringify(this.#name)}:[` : ','}\n${JSON.stringify(document)}`);
    else await this.#write(`${isFirst ? '' : '\n'}${text}\n`);
  }

  /** Closes an open list; with `--json` the document gets these properties as well. */
  async end(rest: CommandResult['document']): Promise<void> {
    if (!this.#json) return;
    const properties = Object.entries(rest).map(([name, value]) => `,\n${JSON.stringify(name)}:${JSON.stringify(value)}`);
    await this.#write(`\n]${properties.join('')}}\n`);
  }
}
