import { toolConnectionSchema } from '../../../contract/outside/connection.ts';
import type { ToolKind } from '../../../contract/outside/connection.ts';
import type { Workflow } from '../../../contract/outside/workflow.ts';
import type { SentThing } from '../../../contract/outside/network.ts';
import { ToolPlace } from '../../../main/providers/tool-place.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

export interface ToolSetup {
  readonly kind: ToolKind;
  readonly model?: string;
  readonly secret?: string;
  readonly family?: 'sd-1' | 'sdxl';
  readonly patienceSeconds?: number;
  readonly workflow?: Workflow;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A place at which a tool is, to which a person has agreed. */
export async function openToolPlace(address: string, setup: ToolSetup): Promise<ToolPlace> {
  const { environment = {}, ...given } = setup;
  const { network } = await openTestNetwork({ environment });
  const sends: SentThing[] = ['address', 'text', 'settings', 'picture', 'key'];
  const { origin } = new URL(address);
  await network.consents.allow({ origin, purpose: 'image-tool', sends, keeps: ['picture'], shown: 'Yes.' });
  const connection = { id: 'tool', model: 'small.safetensors', patienceSeconds: 2, ...given, address };
  return new ToolPlace(network, toolConnectionSchema.parse(connection));
}
