import { basename } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { nameRemoteGraph } from '../../packs/name-remote-graph.ts';
import type { OpenSession } from '../../tensor/session.ts';
import type { RemoteAnswer, RemoteAsk } from './remote-messages.ts';

interface Waiting {
  readonly resolve: (answer: Exclude<RemoteAnswer['answer'], { type: 'failed' }>) => void;
  readonly reject: (error: StudioError) => void;
}

/** The engine's side of graphs that run elsewhere: it asks the host, and waits for its answers, of which several may be under way. */
export class RemoteGraphs {
  readonly #send: (ask: RemoteAsk) => void;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(send: (ask: RemoteAsk) => void) {
    this.#send = send;
  }

  /** @throws StudioError as `GraphRunner` does, and `pack-invalid` for a graph of no pack */
  readonly open: OpenSession = async (path) => {
    const graph = await nameRemoteGraph(path);
    const described = await this.#ask(graph, null);
    if (described.type !== 'described') throw new Error(`${graph} was run instead of described`);
    return {
      name: basename(path),
      weightBytes: null,
      ...described.graph,
      run: async (feeds) => {
        const ran = await this.#ask(graph, { ...feeds });
        if (ran.type !== 'ran') throw new Error(`${graph} was described instead of run`);
        return ran.outputs;
      },
      // Whoever serves it keeps it.
      release: () => Promise.resolve(),
    };
  };

  /** Hands an answer of the host to whoever waits for it. */
  settle({ askId, answer }: RemoteAnswer): void {
    const waiting = this.#waiting.get(askId);
    this.#waiting.delete(askId);
    if (answer.type === 'failed') waiting?.reject(StudioError.fromBody(answer.error));
    else waiting?.resolve(answer);
  }

  #ask(graph: string, feeds: RemoteAsk['feeds']): Promise<Exclude<RemoteAnswer['answer'], { type: 'failed' }>> {
    this.#asked += 1;
    const askId = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(askId, { resolve, reject });
      this.#send({ askId, graph, feeds });
    });
  }
}
