import { connectionListRecord, consentsOf, isCluster, isTool } from '../../contract/outside/connection.ts';
import type {
  ClusterConnection,
  ClusterState,
  Connection,
  ConnectionList,
  ConnectionState,
  Spent,
  ToolState,
  WriterState,
} from '../../contract/outside/connection.ts';
import { StudioError } from '../../contract/errors.ts';
import type { ConsentRequest, SentThing } from '../../contract/outside/network.ts';
import type { Network } from '../network/network.ts';
import type { Written } from '../ports/writer.ts';
import { StoredList } from './stored-list.ts';
import type { StoredListOptions } from './stored-list.ts';

const nothingSpent = { answers: 0, inputTokens: 0, outputTokens: 0 };

/** What a person agrees to when texts go to a language model, or to a tool that draws them. */
function consentFor(connection: Exclude<Connection, ClusterConnection>, address = connection.address): ConsentRequest {
  const { model, secret } = connection;
  const { origin, host } = new URL(address);
  const withKey: SentThing[] = secret === null ? [] : ['key'];
  const key = secret === null ? '' : ` The key ${secret} goes along.`;
  if (isTool(connection)) {
    const shown = `The texts you draw there and their settings go to ${host}, to be drawn by ${model}; a picture goes along only where you draw from one.${key} The pictures that come back are kept.`;
    const sends: SentThing[] = ['address', 'text', 'settings', 'picture', ...withKey];
    return { origin, purpose: 'image-tool', sends, keeps: ['picture'], shown };
  }
  const pictures = connection.sees ? 'So do the pictures you have it read, made smaller.' : 'No picture does.';
  const shown = `The texts you blend or ask about, and the template, go to ${host}, to be read by ${model}. ${pictures}${key} The answers are kept.`;
  const sends: SentThing[] = ['address', 'text', ...(connection.sees ? (['picture'] as const) : []), ...withKey];
  return { origin, purpose: 'language-model', sends, keeps: ['text'], shown };
}

/** What a person agrees to when the models of packs run at one of a connection's servers. */
function consentForServer({ secret }: ClusterConnection, address: string): ConsentRequest {
  const { origin, host } = new URL(address);
  const key = secret === null ? '' : ` The key ${secret} goes along.`;
  const shown = `The pictures you read, compare and draw from go to ${host} as numbers, and so do texts and settings where a model works with them.${key} What the models there make of them is kept.`;
  const sends: SentThing[] = ['address', 'picture', 'text', 'settings', ...(secret === null ? [] : ['key' as const])];
  return { origin, purpose: 'remote-model', sends, keeps: ['picture', 'text'], shown };
}

/** What a person connected, language models, tools and servers that run models, and what they have cost. */
export class ConnectionStore {
  readonly #stored: StoredList<ConnectionList>;
  readonly #network: Network;
  readonly #counts: boolean;
  readonly #listeners = new Set<() => void>();

  private constructor(stored: StoredList<ConnectionList>, network: Network, counts: boolean) {
    this.#stored = stored;
    this.#network = network;
    this.#counts = counts;
  }

  /** @param options `counts`: what is spent is kept, also where nothing else is; absent: as all else */
  static async open(options: StoredListOptions & { readonly counts?: boolean }, network: Network): Promise<ConnectionStore> {
    const stored = await StoredList.open(options, connectionListRecord, { connections: [], spent: {} });
    return new ConnectionStore(stored, network, options.counts ?? options.remember);
  }

  list(): ConnectionState[] {
    return this.#stored.value.connections.map((connection) => this.#describe(connection));
  }

  /** @throws StudioError `not-found` */
  find(id: string): ConnectionState {
    const found = this.#stored.value.connections.find((one) => one.id === id);
    if (found !== undefined) return this.#describe(found);
    throw new StudioError('not-found', `Nothing is connected as ${id}.`, 'Look at the list of connections, or add it.', { id });
  }

  /** @throws StudioError `not-found`; `bad-request` for what does not write */
  findWriter(id: string): WriterState {
    const found = this.find(id);
    if (!isTool(found) && !isCluster(found)) return found;
    const does = isTool(found) ? 'draws' : 'runs models';
    throw new StudioError('bad-request', `${id} ${does} and does not write.`, 'Choose a language model among the connections.', {
      id,
    });
  }

  /** @throws StudioError `not-found`; `bad-request` for what is shown no pictures */
  findSeer(id: string): WriterState {
    const found = this.find(id);
    if (!isTool(found) && !isCluster(found) && found.sees) return found;
    const hint = 'Choose a language model that sees, and say in its settings that it is shown pictures.';
    throw new StudioError('bad-request', `${id} is not shown pictures.`, hint, { id });
  }

  /** @throws StudioError `not-found`; `bad-request` for what does not draw */
  findTool(id: string): ToolState {
    const found = this.find(id);
    if (isTool(found)) return found;
    const does = isCluster(found) ? 'runs models' : 'writes';
    throw new StudioError('bad-request', `${id} ${does} and does not draw.`, 'Choose a tool that draws among the connections.', {
      id,
    });
  }

  /** @throws StudioError `not-found`; `bad-request` for what runs no models of packs */
  findCluster(id: string): ClusterState {
    const found = this.find(id);
    if (isCluster(found)) return found;
    const hint = 'Choose servers that run models among the connections: their kind is kserve or kserve-grpc.';
    throw new StudioError('bad-request', `${id} does not run models.`, hint, { id });
  }

  /** Takes the place of one with the same id. Throws StudioError as StoredList.change does. */
  async add(connection: Connection): Promise<ConnectionState> {
    await this.#stored.change(({ connections, spent }) => ({
      connections: [...connections.filter(({ id }) => id !== connection.id), connection],
      spent,
    }));
    return this.find(connection.id);
  }

  /** Its consent stays: another connection may go to the same place. Throws StudioError `not-found`. */
  async remove(id: string): Promise<void> {
    this.find(id);
    await this.#stored.change(({ connections, spent }) => ({
      connections: connections.filter((one) => one.id !== id),
      spent: Object.fromEntries(Object.entries(spent).filter(([name]) => name !== id)),
    }));
  }

  /**
   * Asked before a connection is used.
   * @throws StudioError `writer-limited` or `tool-limited` where its spending limit is reached
   */
  requireBudget(connection: ConnectionState): void {
    const { id, spent } = connection;
    const limit = isCluster(connection) ? null : (connection.price?.limit ?? null);
    if (limit === null || spent.cost === null || spent.cost < limit) return;
    const hint = 'Raise the limit of this connection, or choose another.';
    throw new StudioError(
      isTool(connection) ? 'tool-limited' : 'writer-limited',
      `The spending limit of ${id} is reached.`,
      hint,
      {
        id,
        spent: spent.cost,
        limit,
      },
    );
  }

  /** Calls back when something was counted; returns the way to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Counts an answer, or a picture. A connection that was removed meanwhile is counted no more. */
  async count(id: string, usage: Written['usage']): Promise<void> {
    await this.#stored.change(({ connections, spent }) => {
      if (!connections.some((one) => one.id === id)) return { connections, spent };
      const { answers, inputTokens, outputTokens } = spent[id] ?? nothingSpent;
      const more = usage ?? { inputTokens: 0, outputTokens: 0 };
      const now = {
        answers: answers + 1,
        inputTokens: inputTokens + more.inputTokens,
        outputTokens: outputTokens + more.outputTokens,
      };
      return { connections, spent: { ...spent, [id]: now } };
    }, this.#counts);
    for (const listener of this.#listeners) listener();
  }

  #describe(connection: Connection): ConnectionState {
    const { secrets } = this.#network;
    const spent = this.#stored.value.spent[connection.id] ?? nothingSpent;
    const state = {
      spent: { ...spent, cost: costOf(connection, spent) },
      allowed: false,
      keySet: connection.secret === null || secrets.list().some(({ name }) => name === connection.secret),
    };
    const described = isCluster(connection)
      ? {
          ...connection,
          ...state,
          consent: consentForServer(connection, connection.address),
          moreConsents: connection.moreAddresses.map((address) => consentForServer(connection, address)),
        }
      : isTool(connection)
        ? {
            ...connection,
            ...state,
            consent: consentFor(connection),
            moreConsents: connection.moreAddresses.map((address) => consentFor(connection, address)),
          }
        : { ...connection, ...state, consent: consentFor(connection) };
    return { ...described, allowed: consentsOf(described).every((consent) => this.#isGiven(consent)) };
  }

  #isGiven({ origin, purpose, sends }: ConsentRequest): boolean {
    const given = this.#network.consents.consents.find((one) => one.origin === origin && one.purpose === purpose);
    return given !== undefined && sends.every((thing) => given.sends.includes(thing));
  }
}

function costOf(connection: Connection, { answers, inputTokens, outputTokens }: Omit<Spent, 'cost'>): number | null {
  if (isCluster(connection)) return null;
  if (isTool(connection)) return connection.price === null ? null : answers * connection.price.picture;
  const { price } = connection;
  return price === null ? null : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
