import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type {
  ClusterState,
  ConnectionRequest,
  ConnectionState,
  ConnectionTest,
  FoundProgram,
  ToolState,
  WriterState,
} from '../../../contract/outside/connection.ts';
import { connectionSchema, consentsOf, isCluster, isTool } from '../../../contract/outside/connection.ts';
import type { PackSummary } from '../../../contract/models/pack.ts';
import type { WriterTemplate } from '../../../contract/outside/writer.ts';
import { toErrorBody } from '../../client/to-error-body.ts';

/** How a connection answered, or why it did not. */
export type TestOutcome =
  | { readonly type: 'asking' }
  | { readonly type: 'answered'; readonly test: ConnectionTest }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** What a person connected: language models, who can write beside the rules, and what they are asked with; tools that draw; and servers that run models. None is ever asked by this unasked. */
export class Writers {
  #connections: readonly ConnectionState[] | null = $state.raw(null);
  #templates: readonly WriterTemplate[] = $state.raw([]);
  #local: readonly PackSummary[] = $state.raw([]);
  #captioners: readonly PackSummary[] = $state.raw([]);
  #found: readonly FoundProgram[] | null = $state.raw(null);
  #looking = $state(false);
  #tests: Readonly<Record<string, TestOutcome>> = $state.raw({});
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Null until they were asked for. */
  get connections(): readonly ConnectionState[] | null {
    return this.#connections;
  }

  /** Those that write. */
  get models(): readonly WriterState[] {
    return (this.#connections ?? []).filter((one): one is WriterState => !isTool(one) && !isCluster(one));
  }

  /** Installed models that write captions. */
  get captioners(): readonly PackSummary[] {
    return this.#captioners;
  }

  /** Language models on this machine: installed models, which need no connection. */
  get local(): readonly PackSummary[] {
    return this.#local;
  }

  /** Every language model that can be chosen: those that are connected, then those in files. */
  get choices(): readonly { readonly value: string; readonly name: string }[] {
    return [
      ...this.models.map(({ id, model }) => ({ value: id, name: `${id} – ${model}` })),
      ...this.local.map(({ id, name }) => ({ value: id, name })),
    ];
  }

  /** Whether it may be asked: a connection after a yes, a model in a file always. */
  mayAsk(id: string): boolean {
    return this.findModel(id)?.allowed ?? this.findLocal(id) !== null;
  }

  /** Null for anything else than a model in a file. */
  findLocal(id: string): PackSummary | null {
    return this.#local.find((one) => one.id === id) ?? null;
  }

  /** Those that draw. */
  get tools(): readonly ToolState[] {
    return (this.#connections ?? []).filter((one): one is ToolState => isTool(one));
  }

  /** Servers that run the models of packs. */
  get clusters(): readonly ClusterState[] {
    return (this.#connections ?? []).filter((one): one is ClusterState => isCluster(one));
  }

  /** Every version of each, the newest first. */
  get templates(): readonly WriterTemplate[] {
    return this.#templates;
  }

  /** Programs that run on this machine; null until a person has looked. */
  get found(): readonly FoundProgram[] | null {
    return this.#found;
  }

  get looking(): boolean {
    return this.#looking;
  }

  find(id: string): ConnectionState | null {
    return this.#connections?.find((one) => one.id === id) ?? null;
  }

  /** Null also for what does not write. */
  findModel(id: string): WriterState | null {
    return this.models.find((one) => one.id === id) ?? null;
  }

  test(id: string): TestOutcome | null {
    return this.#tests[id] ?? null;
  }

  async load(): Promise<void> {
    const { connections, templates, packs } = this.#client;
    const [connected, texts, installed] = await Promise.all([connections.list(), templates.list(), packs.list()]);
    [this.#connections, this.#templates] = [connected, texts];
    // A connection goes before a model of its name.
    const unconnected = installed.filter(({ id }) => !connected.some((one) => one.id === id));
    this.#local = unconnected.filter(({ roles }) => roles.includes('writer'));
    this.#captioners = unconnected.filter(({ roles }) => roles.includes('captioner'));
  }

  /** What was agreed to, or which keys are set, has changed. */
  async refresh(): Promise<void> {
    if (this.#connections !== null) this.#connections = await this.#client.connections.list();
  }

  /** Takes the place of one with the same id. */
  async add(request: ConnectionRequest): Promise<void> {
    await this.#client.connections.add(connectionSchema.parse(request));
    this.#forgetTest(request.id);
    await this.load();
  }

  async remove(id: string): Promise<void> {
    this.#connections = await this.#client.connections.remove({ id });
    this.#forgetTest(id);
  }

  /** The yes that a person gave after reading what goes there. */
  async allow(id: string): Promise<void> {
    const connection = this.find(id);
    if (connection === null) return;
    for (const consent of consentsOf(connection)) await this.#client.network.allow(consent);
    await this.refresh();
  }

  /** Asks a language model one short question, a tool what it has, and servers what they are. Only after a yes. */
  async ask(id: string): Promise<void> {
    this.#setTest(id, { type: 'asking' });
    try {
      this.#setTest(id, { type: 'answered', test: await this.#client.connections.test({ id }) });
    } catch (failure) {
      this.#setTest(id, { type: 'failed', error: toErrorBody(failure) });
    }
    await this.refresh();
  }

  /** Looks for the usual programs on this machine; connects none. */
  async discover(): Promise<void> {
    this.#looking = true;
    try {
      this.#found = await this.#client.connections.discover();
    } finally {
      this.#looking = false;
    }
  }

  async saveTemplate(template: Omit<WriterTemplate, 'version'>): Promise<WriterTemplate> {
    const saved = await this.#client.templates.save(template);
    this.#templates = await this.#client.templates.list();
    return saved;
  }

  /** Forgets the artist's versions; the studio's own comes back. */
  async removeTemplate(id: string): Promise<void> {
    this.#templates = await this.#client.templates.remove({ id });
  }

  #setTest(id: string, outcome: TestOutcome): void {
    this.#tests = { ...this.#tests, [id]: outcome };
  }

  #forgetTest(id: string): void {
    this.#tests = Object.fromEntries(Object.entries(this.#tests).filter(([name]) => name !== id));
  }
}
