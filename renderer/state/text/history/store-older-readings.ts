import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument, TokenSource } from '../../../../contract/texts/prompt.ts';
import type { Journal } from './journal.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * Gives the core what a journal of version 1 carried of its pictures, and names the readings it became in every step. One that the
 * core does not take stays in the journal for the next time.
 * @throws StudioError when the core does not take one, such as `pack-not-found`
 */
export async function storeOlderReadings(client: StudioClient, journal: Journal, { history }: OpenWork): Promise<void> {
  for (const older of journal.unstored) {
    const { sources } = await client.prompts.read({ content: JSON.stringify(older) });
    history.amendAll((snapshot) => nameReadings(snapshot, sources));
    journal.forgetStored([older]);
  }
}

function nameReadings(snapshot: Snapshot, stored: readonly TokenSource[]): Snapshot {
  const versions = Object.entries(snapshot.versions).map(([key, version]) => {
    const document = nameSources(version.document, stored);
    return [key, document === version.document ? version : { ...version, document }] as const;
  });
  return { ...snapshot, versions: Object.fromEntries(versions) };
}

function nameSources(document: PromptDocument, stored: readonly TokenSource[]): PromptDocument {
  const sources = document.sources.map((source) => {
    if (source.type !== 'reading' || source.sha256 !== null) return source;
    const { packId, imageSha256, length } = source;
    const named = stored.find(
      (one) => one.type === 'reading' && one.packId === packId && one.imageSha256 === imageSha256 && one.length === length,
    );
    return named ?? source;
  });
  return sources.every((source, at) => source === document.sources[at]) ? document : { ...document, sources };
}
