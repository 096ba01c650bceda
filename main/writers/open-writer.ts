import { join } from 'node:path';
import type { WriterConnection } from '../../contract/outside/connection.ts';
import type { Network } from '../network/network.ts';
import { locatePackFile } from '../packs/locate-pack-file.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import type { Writer, Written } from '../ports/writer.ts';
import type { ConnectionStore } from './connection-store.ts';
import { LocalWriter, localTokens } from './local/local-writer.ts';
import type { LocalModel } from './local/local-writer.ts';
import { ModelWriter } from './model-writer.ts';
import { openUnconnectedPack } from './open-unconnected-pack.ts';

/** Where language models are found. */
export interface WriterPlaces {
  readonly connections: ConnectionStore;
  readonly network: Network;
  readonly packs: PackRegistry;
  /** The data folder, in which what runs models in files may be installed. */
  readonly dataFolder: string;
}

/** A language model that was chosen, ready to be asked. */
export interface OpenedWriter {
  readonly writer: Writer;
  readonly model: Pick<WriterConnection, 'id' | 'model' | 'contextTokens' | 'answerTokens'>;
  /** Called with what each answer took. */
  readonly count: (usage: Written['usage']) => Promise<void>;
}

/**
 * The language model of a connection, or of a pack with the role `writer`, which runs on this machine.
 *
 * @throws StudioError `not-found` where neither is there; `writer-limited`; as ConnectionStore, requireRole and locatePackFile do
 */
export async function openWriter({ connections, network, packs, dataFolder }: WriterPlaces, id: string): Promise<OpenedWriter> {
  const pack = await openUnconnectedPack({ connections, packs }, id);
  if (pack !== null) {
    const { name } = pack.manifest;
    const writer = new LocalWriter({ name, model: await locateModel(pack), dataFolder });
    // Nobody pays for it.
    return { writer, model: { id, model: name, ...localTokens }, count: () => Promise.resolve() };
  }
  const connection = connections.findWriter(id);
  connections.requireBudget(connection);
  const writer = new ModelWriter(network, connection);
  return { writer, model: connection, count: (usage) => connections.count(connection.id, usage) };
}

/** Every graph is there as the manifest says before a process is started for it. */
async function locateModel(pack: ResolvedPack): Promise<LocalModel> {
  const role = requireRole(pack, 'writer');
  if (role.layout === 'gguf') return { layout: role.layout, file: (await locatePackFile(pack, role.file)).path };
  for (const file of Object.values(role.graphs)) await locatePackFile(pack, file);
  return { layout: role.layout, folder: join(pack.folder, role.tokenizer), graphs: role.graphs };
}
