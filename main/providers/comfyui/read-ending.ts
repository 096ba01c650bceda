import { StudioError } from '../../../contract/errors.ts';
import { quoteTool } from '../tool-place.ts';
import type { ToolPlace } from '../tool-place.ts';
import type { HistoryEntry, StoredPicture } from './comfyui-answers.ts';

function textOf(message: Readonly<Record<string, unknown>>, name: string): string {
  const value = message[name];
  return typeof value === 'string' ? value : '';
}

/** What went wrong, in the tool's words where it has any. */
function explainFailure(
  { host }: ToolPlace,
  messages: readonly (readonly [string, Readonly<Record<string, unknown>>])[],
): StudioError {
  const [, error = {}] = messages.find(([event]) => event === 'execution_error') ?? [];
  const said = quoteTool(textOf(error, 'exception_message'));
  const node = textOf(error, 'node_type');
  const details = { host, said, node };
  if (messages.some(([event]) => event === 'execution_interrupted')) {
    return new StudioError('tool-failed', `The drawing was stopped at ${host}.`, 'Draw it again.', details);
  }
  const isMemory = /out of memory|OutOfMemory/iu.test(`${said} ${textOf(error, 'exception_type')}`);
  const hint = isMemory
    ? 'Draw smaller, or close what else uses its memory.'
    : 'Look at the window of that program; then draw again, with another model for one.';
  const words = said === '' ? '' : ` It says: ${said}`;
  return new StudioError('tool-failed', `${host} failed${node === '' ? '' : ` in ${node}`}.${words}`, hint, details);
}

/**
 * What came of a prompt.
 * @param samplers the nodes that make the picture: where none of them was run, the server had drawn it before
 * @throws StudioError `tool-failed`
 */
export function readEnding(
  place: ToolPlace,
  { outputs, status }: HistoryEntry,
  samplers: readonly string[],
): { readonly picture: StoredPicture; readonly cached: boolean } {
  const messages = status?.messages ?? [];
  if (status?.status_str === 'error') throw explainFailure(place, messages);
  const pictures = Object.values(outputs).flatMap(({ images }) => images ?? []);
  const picture = pictures.find(({ type }) => type === 'output') ?? pictures[0];
  if (picture === undefined) {
    const hint = 'Look at the window of that program, then draw again.';
    throw new StudioError('tool-failed', `${place.host} came to an end without a picture.`, hint, { host: place.host });
  }
  const isCached = (node: string): boolean =>
    messages.some(([event, { nodes }]) => event === 'execution_cached' && Array.isArray(nodes) && nodes.includes(node));
  const cached = samplers.length > 0 && samplers.every(isCached);
  return { picture, cached };
}
