import { toolKindSchema } from '../../../../contract/outside/connection.ts';
import type { Connection, ToolKind } from '../../../../contract/outside/connection.ts';
import { transferToolSchema } from '../../../../contract/transfer.ts';
import type { TransferTool } from '../../../../contract/transfer.ts';
import { UsageError } from '../usage-error.ts';

/** The columns of a transfer as a person names them. */
export interface NamedTools {
  readonly tools: readonly TransferTool[];
  /** Of which kind a connection was said to be, by its name; those of which nothing was said are left out. */
  readonly kinds: ReadonlyMap<string, ToolKind>;
}

const LOCAL_MARK = 'local:';
/** No connection: programs cannot ask it, so a person carries texts and pictures. */
const BY_HAND = 'midjourney';

/**
 * `local:tiny-scenes,comfyui:paints,one+two,midjourney`: a model, a connection with its kind or without, connections that share a column,
 * and what a person draws there.
 *
 * @throws UsageError for what is none of these
 */
export function parseTools(text: string): NamedTools {
  const kinds = new Map<string, ToolKind>();
  const tools = text.split(',').map((part): TransferTool => {
    const name = part.trim();
    if (name === BY_HAND) return { type: 'midjourney' };
    const tool = name.startsWith(LOCAL_MARK)
      ? { type: 'pack', packId: name.slice(LOCAL_MARK.length) }
      : { type: 'connections', connectionIds: name.split('+').map((one) => parseConnection(one.trim(), kinds)) };
    const parsed = transferToolSchema.safeParse(tool);
    if (parsed.success) return parsed.data;
    throw new UsageError(
      `--to ${name}: name a model as local:<model>, a connection as <name> or <kind>:<name> (see \`connections list\`), or midjourney.`,
    );
  });
  return { tools, kinds };
}

function parseConnection(text: string, kinds: Map<string, ToolKind>): string {
  const [, mark, id = ''] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (mark === undefined) return text;
  const kind = toolKindSchema.safeParse(mark);
  if (!kind.success)
    throw new UsageError(`--to ${text}: tools are ${toolKindSchema.options.join(', ')}, local, and midjourney alone.`);
  kinds.set(id, kind.data);
  return id;
}

/** @throws UsageError where a connection is of another kind than was said; one that is not there is told by the studio */
export function checkKinds({ kinds }: NamedTools, connections: readonly Pick<Connection, 'id' | 'kind'>[]): void {
  for (const { id, kind } of connections) {
    const said = kinds.get(id);
    if (said !== undefined && said !== kind)
      throw new UsageError(`--to ${said}:${id}: the connection ${id} is of the kind ${kind}.`);
  }
}
