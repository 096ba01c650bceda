import { createInterface } from 'node:readline';

/** The address a starting studio prints. */
export async function readUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /http:\/\/\S+token=[\w-]+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('The studio ended before it printed its address.');
}
