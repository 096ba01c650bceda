import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { Network } from '../network/network.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { Captioners } from '../ports/captioner.ts';
import type { Provider } from '../ports/provider.ts';
import type { Writer, Written } from '../ports/writer.ts';
import { collectWriting } from './collect-writing.ts';
import type { ConnectionStore } from './connection-store.ts';
import { ModelWriter } from './model-writer.ts';
import { openUnconnectedPack } from './open-unconnected-pack.ts';

const form = {
  name: 'caption',
  schema: { type: 'object', properties: { caption: { type: 'string' } }, required: ['caption'], additionalProperties: false },
} as const;
const answerSchema = z.object({ caption: z.string().trim().min(1) });

const system =
  'You are shown a picture. Say what it shows so that it could be drawn again from your words alone: what there is, where it stands, its ' +
  'colours, the background, the light and the style. Write one line without a preface. Answer with JSON that has the one property caption.';

export interface CaptionerPlaces {
  readonly network: Network;
  readonly connections: ConnectionStore;
  readonly packs: PackRegistry;
  /** Runs those of packs. */
  readonly models: Provider;
}

/**
 * The language models among the connections that are shown pictures, each with a lane of its server, and the packs with the role `captioner`, which
 * run where all models run.
 */
export function createCaptioners({ network, connections, packs, models }: CaptionerPlaces): Captioners {
  return {
    laneOf: (id) => {
      const known = connections.list().find((one) => one.id === id);
      return known === undefined ? models.lane : `server ${new URL(known.address).host}`;
    },
    open: async (id) => {
      const pack = await openUnconnectedPack({ connections, packs }, id);
      if (pack !== null) return models.captioner(pack);
      const connection = connections.findSeer(id);
      const writer = new ModelWriter(network, connection);
      return {
        model: `${id} – ${connection.model}`,
        describe: ({ png }, words, { signal }) => {
          // Asked before each picture: a folder of them may reach the limit.
          connections.requireBudget(connections.find(id));
          return describePicture({ writer, id }, png, words, signal, (usage) => connections.count(id, usage));
        },
      };
    },
  };
}

/** An answer that cannot be read is asked for once more. */
async function describePicture(
  { writer, id }: { readonly writer: Writer; readonly id: string },
  picture: Uint8Array,
  words: number,
  signal: AbortSignal,
  onUsage: (usage: Written['usage']) => Promise<void>,
): Promise<string> {
  const text = `Describe this picture in at most ${words} words.`;
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const order = { system, messages: [{ role: 'user' as const, text, pictures: [picture] }], form };
    const written = await collectWriting(writer.write(order, signal));
    await onUsage(written.usage);
    const caption = readCaption(written.text);
    if (caption !== null) return caption;
  }
  const hint = 'Choose another model; small models often cannot keep to a form.';
  throw new StudioError('answer-unreadable', `${id} gave no answer that can be read, twice.`, hint, { connection: id });
}

function readCaption(written: string): string | null {
  const [from, to] = [written.indexOf('{'), written.lastIndexOf('}')];
  if (from < 0 || to < from) return null;
  try {
    const parsed = answerSchema.safeParse(JSON.parse(written.slice(from, to + 1).replaceAll(/[\n\t\r]+/gu, ' ')));
    return parsed.success ? parsed.data.caption : null;
  } catch {
    return null;
  }
}
