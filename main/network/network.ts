import type { NetworkPurpose, NetworkReport, SentThing } from '../../contract/outside/network.ts';
import type { Answer } from './answer.ts';
import { readAddress } from './check-destination.ts';
import type { ConsentStore } from './consent-store.ts';
import { GrpcLines } from './grpc-lines.ts';
import type { CallAnswer, OutgoingCall } from './grpc-lines.ts';
import type { Surroundings } from './open-connection.ts';
import { openRequest } from './open-request.ts';
import type { OutgoingRequest } from './open-request.ts';
import { openSocket } from './open-socket.ts';
import type { LiveSocket, OutgoingSocket } from './open-socket.ts';
import type { Secrets } from './secrets.ts';
import type { TrafficLog } from './traffic-log.ts';

export interface NetworkOptions {
  readonly consents: ConsentStore;
  readonly secrets: Secrets;
  readonly traffic: TrafficLog;
  readonly surroundings: Omit<Surroundings, 'onConnection'>;
}

/** What a person has to have agreed to. */
interface Terms {
  readonly purpose: NetworkPurpose;
  /** What goes along beside the address. */
  readonly sends: readonly Exclude<SentThing, 'address' | 'key'>[];
  /** The key that goes along, by its name, and how the host wants it: `authorization` with `Bearer ` in front, for one. */
  readonly key?: {
    readonly secret: string;
    readonly header: string;
    readonly before: string;
    /** For a name with its password, which go along in that form. */
    readonly base64?: true;
  };
}

/** A request to a place a person named and agreed to. */
export interface PlaceRequest extends Omit<OutgoingRequest, 'destination' | 'keyHeaders'>, Terms {}

/** A place a person named and agreed to, to be listened to. */
export interface PlaceSocket extends Omit<OutgoingSocket, 'keyHeaders'>, Terms {}

/** A gRPC call to a place a person named and agreed to. */
export interface PlaceCall extends Omit<OutgoingCall, 'keyHeaders'>, Terms {}

/** A request that is a person's own act: they gave the address, saw the host, and pressed the button. */
export interface OnceRequest extends Pick<OutgoingRequest, 'address' | 'maxBytes' | 'limits' | 'signal'> {
  readonly purpose: NetworkPurpose;
  readonly accept: string;
}

/** A look at a port of this machine. */
export interface HereRequest {
  readonly purpose: NetworkPurpose;
  readonly port: number;
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** The way out. Nothing leaves but through `ask`, `listen`, `call` and `askOnce`, so nothing leaves without a yes, and all of it is in the report. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #lines = new GrpcLines();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  get consents(): ConsentStore {
    return this.#options.consents;
  }

  get traffic(): TrafficLog {
    return this.#options.traffic;
  }

  get secrets(): Secrets {
    return this.#options.secrets;
  }

  report(): NetworkReport {
    const { consents, traffic, secrets } = this.#options;
    return { consents: [...consents.consents], sent: traffic.list(), secrets: secrets.list() };
  }

  /**
   * Asks under a standing consent; redirects elsewhere lose key and body.
   * @throws StudioError `consent-needed`, `secret-missing`; as `openRequest` does
   */
  async ask({ purpose, sends, key, ...request }: PlaceRequest): Promise<Answer> {
    const keyHeaders = this.#agree(request.address, { purpose, sends, ...(key === undefined ? {} : { key }) });
    return this.#open(purpose, { ...request, destination: 'named-place', keyHeaders });
  }

  /**
   * Listens under a standing consent.
   * @throws StudioError `consent-needed`, `secret-missing`; as `openSocket` does
   */
  async listen({ purpose, sends, key, ...order }: PlaceSocket): Promise<LiveSocket> {
    const keyHeaders = this.#agree(order.address, { purpose, sends, ...(key === undefined ? {} : { key }) });
    return openSocket({ ...order, keyHeaders }, this.#around(purpose));
  }

  /**
   * Calls a method of gRPC under a standing consent; the connection is kept for the next call.
   * @throws StudioError `consent-needed`, `secret-missing`; as `GrpcLines.call` does
   */
  async call({ purpose, sends, key, ...order }: PlaceCall): Promise<CallAnswer> {
    const keyHeaders = this.#agree(order.address, { purpose, sends, ...(key === undefined ? {} : { key }) });
    return this.#lines.call({ ...order, keyHeaders }, purpose, this.#around(purpose));
  }

  /**
   * Asks once for what lies at an address of the open internet: nothing goes along, nothing is remembered, and no other host is asked.
   * @throws StudioError as `openRequest` does
   */
  askOnce({ purpose, accept, ...request }: OnceRequest): Promise<Answer> {
    return this.#open(purpose, { ...request, destination: 'open-internet', headers: { accept } });
  }

  /**
   * Looks, for a person who asked to, whether a program runs on this machine: nothing goes along, and nothing leaves the machine.
   * @throws StudioError as `openRequest` does
   */
  lookHere({ purpose, port, path, signal }: HereRequest): Promise<Answer> {
    const limits = { connectMs: 500, firstByteMs: 2_000, totalMs: 4_000 };
    const address = `http://127.0.0.1:${port}${path}`;
    return this.#open(purpose, { address, destination: 'named-place', redirects: 'none', limits, signal });
  }

  /** The headers that hold the key, where one goes along and a person has agreed to all of it. */
  #agree(address: string | URL, { purpose, sends, key }: Terms): Record<string, string> {
    const { consents, secrets } = this.#options;
    const { origin } = readAddress(address, 'named-place');
    consents.require(origin, purpose, ['address', ...sends, ...(key === undefined ? [] : (['key'] as const))]);
    if (key === undefined) return {};
    const value = secrets.read(key.secret);
    return { [key.header]: `${key.before}${key.base64 === true ? Buffer.from(value).toString('base64') : value}` };
  }

  #open(purpose: NetworkPurpose, request: OutgoingRequest): Promise<Answer> {
    return openRequest(request, this.#around(purpose));
  }

  #around(purpose: NetworkPurpose): Surroundings {
    const { traffic, surroundings } = this.#options;
    return { ...surroundings, onConnection: (origin, socket) => traffic.follow(origin, purpose, socket) };
  }
}
