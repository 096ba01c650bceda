import { errorBodySchema, StudioError } from '../../contract/errors.ts';

/**
 * The licences of everything in the program that others made, as one text. The build puts it beside the page.
 *
 * @throws StudioError with the core's reason where the page was built without it
 */
export async function readNotices(origin: string): Promise<string> {
  const response = await fetch(`${origin}/notices.txt`);
  if (response.ok) return response.text();
  const answer: unknown = await response.json();
  throw StudioError.fromBody(errorBodySchema.parse(answer));
}
