import { expect } from 'vitest';
import type { StudioClient } from '../../contract/methods.ts';
import { readFailure } from './read-failure.ts';

type Same = <Answer>(ask: (client: StudioClient) => Promise<Answer>) => Promise<Answer>;

/** What devices need from elsewhere is offered alike over HTTP and in process, and nobody is asked for it without a yes. */
export async function compareDeviceParts(far: StudioClient, same: Same): Promise<void> {
  const parts = await same((client) => client.deviceParts.get());
  const agreed = { bytes: parts.offer?.bytes ?? 1, licences: parts.offer?.parts.map(({ licence }) => licence.name) ?? [] };
  const bring = async (client: StudioClient) => {
    for await (const event of await client.deviceParts.bring(agreed)) expect(event.type).toBe('progress');
  };
  const refusal = parts.offer === null ? 'bad-request' : 'consent-needed';
  expect((await same((client) => readFailure(bring(client)))).code).toBe(refusal);
  expect(await far.deviceParts.remove()).toEqual(parts);
}
