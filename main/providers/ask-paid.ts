import type { Answer } from '../network/answer.ts';
import { waitForRetry } from '../writers/wait-for-retry.ts';
import type { ToolPlace, ToolRequest } from './tool-place.ts';

const headersOf = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

/**
 * Asks a service for what is paid. It is asked again only where it said that it did nothing: too many requests. Whatever else went wrong
 * may have been drawn, and paid, all the same.
 *
 * @param explain finds the service's own words in an answer that is a refusal
 * @throws StudioError `tool-limited`; as ToolPlace.ask does
 */
export async function askPaid(
  place: ToolPlace,
  request: ToolRequest & { readonly signal: AbortSignal },
  explain: (text: string) => string,
): Promise<Answer> {
  for (let retries = 0; ; retries += 1) {
    const answer = await place.ask(request);
    if (answer.status !== 429) return answer;
    const text = Buffer.from(await answer.bytes()).toString('utf8');
    if (!(await waitForRetry({ status: answer.status, headers: headersOf(answer) }, retries, request.signal))) {
      throw place.refusal(answer.status, explain(text));
    }
  }
}
