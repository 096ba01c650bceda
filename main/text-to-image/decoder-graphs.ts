import { join } from 'node:path';
import { OpenedGraphs } from '../tensor/opened-graphs.ts';
import type { OpenSession, Session } from '../tensor/session.ts';
import type { DecoderFamily, TextEncoderName } from './families/decoder-family.ts';

/** A graph of a decoder's folder, by the folder it lies in. */
type DecoderGraph = TextEncoderName | DecoderFamily['denoiser']['component'] | 'vae_encoder' | 'vae_decoder';

/** The graphs of one decoder, each opened at first use and kept until `release`. */
export class DecoderGraphs {
  readonly #folder: string;
  readonly #graphs: OpenedGraphs;

  constructor(folder: string, openSession: OpenSession) {
    this.#folder = folder;
    this.#graphs = new OpenedGraphs(openSession);
  }

  open(graph: DecoderGraph): Promise<Session> {
    return this.#graphs.open(join(this.#folder, graph, 'model.onnx'));
  }

  release(): Promise<void> {
    return this.#graphs.release();
  }
}
