import { errorBodySchema, StudioError } from '../../contract/errors.ts';

/**
 * The bytes of a stored reading (contract/texts/reading.ts), which never change under their name.
 * @throws StudioError with the core's reason when it has none of that name
 */
export async function readReading(origin: string, sha256: string): Promise<Uint8Array> {
  const response = await fetch(`${origin}/readings/${sha256}`);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const answer: unknown = await response.json();
  throw StudioError.fromBody(errorBodySchema.parse(answer));
}
