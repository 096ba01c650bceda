import { join } from 'node:path';
import type { OpenSession, Session } from '../tensor/session.ts';
import type { DecoderFamily, TextEncoderName } from './families/decoder-family.ts';

/** A graph of a decoder's folder, by the folder it lies in. */
type DecoderGraph = TextEncoderName | DecoderFamily['denoiser']['component'] | 'vae_encoder' | 'vae_decoder';

/** The graphs of one decoder, each opened at first use and kept until `release`. */
export class DecoderGraphs {
  readonly #folder: string;
  readonly #openSession: OpenSession;
  readonly #sessions = new Map<DecoderGraph, Promise<Session>>();

  constructor(folder: string, openSession: OpenSession) {
    this.#folder = folder;
    this.#openSession = openSession;
  }

  open(graph: DecoderGraph): Promise<Session> {
    const opened = this.#sessions.get(graph);
    if (opened) return opened;
    const opening = this.#openSession(join(this.#folder, graph, 'model.onnx'));
    this.#sessions.set(graph, opening);
    // A graph that could not be opened is tried again by the next call.
    opening.catch(() => this.#sessions.get(graph) === opening && this.#sessions.delete(graph));
    return opening;
  }

  /** Closes every graph; the next call opens what it needs again. */
  async release(): Promise<void> {
    const opened = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(opened.map(async (session) => (await session).release()));
  }
}
