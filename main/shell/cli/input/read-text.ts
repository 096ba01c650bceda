import type { StudioClient } from '../../../../contract/methods.ts';

/** The running text of a prompt the library holds. */
export async function readText(client: StudioClient, itemId: string): Promise<string> {
  const item = await client.library.get({ itemId });
  if (item.kind !== 'prompt') throw new Error(`item ${itemId} is a ${item.kind}, not a prompt`);
  return item.text;
}
