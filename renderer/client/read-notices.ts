import { StudioError } from '../../contract/errors.ts';

/**
 * The licences of everything in the program that others made, as one text. The build puts it beside the page.
 *
 * @throws StudioError `internal` where the page was built without it
 * @throws TypeError where what serves the page does not answer
 */
export async function readNotices(origin: string): Promise<string> {
  const response = await fetch(`${origin}/notices.txt`);
  if (response.ok) return response.text();
  throw new StudioError('internal', 'The licences do not lie beside the page.', 'Build the page again with "npm run build".');
}
