import { z } from 'zod';
import { contract } from '../../../contract/methods.ts';
import { nastyValues } from '../random-choice.ts';
import type { RandomChoice } from '../random-choice.ts';
import type { SendOptions } from '../host.ts';
import { randomValue } from './random-value.ts';
import type { Known } from './random-value.ts';

export interface RandomRequest extends SendOptions {
  readonly body?: string;
  readonly name: string;
  readonly path: string;
}

interface Method {
  readonly name: string;
  readonly path: string;
  readonly input: unknown;
}

const procedureSchema = z.looseObject({ '~orpc': z.looseObject({ inputSchema: z.unknown().optional() }) });

const methods: readonly Method[] = Object.entries(contract).flatMap(([group, members]) =>
  Object.entries(members).map(([method, procedure]) => ({
    name: `${group}.${method}`,
    path: `/rpc/${group}/${method}`,
    input: procedureSchema.parse(procedure)['~orpc'].inputSchema,
  })),
);

/** Take seconds, and nothing that could be wrong with them: asked for rarely. */
const slow = new Set(['studio.probeDevices', 'studio.restartEngine', 'studio.unload', 'library.rebuild']);
const slowShare = 0.2;
/** Share of requests beside the contract, and of those of the contract whose body is no JSON. */
const [besideShare, brokenShare] = [0.1, 0.05];
/** Shares of what is spoilt in the arguments: valid by and large, nearly valid, garbage. */
const spoilt = [0, 0, 0.02, 0.2];

const routes = [
  ...['images', 'shown', 'thumbnails', 'readings', 'previews', 'packs/tiny-scenes/samples', 'packs', 'assets', ''],
  ...['api', 'api/images', 'api/library/get', 'api/library', 'v1/models', 'v1/images', 'sdapi/v1'],
];
const verbs = ['GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];

/** Every method of the contract, with arguments from valid to garbage; and addresses beside it. */
export function randomRequest(choice: RandomChoice, known: Known): RandomRequest {
  if (choice.chance(besideShare)) return besideTheContract(choice, known);
  const method = choice.of(methods);
  if (slow.has(method.name) && !choice.chance(slowShare)) return randomRequest(choice, known);
  const value = method.input === undefined ? undefined : randomValue(method.input, choice, known, choice.of(spoilt));
  const whole = JSON.stringify({ json: value });
  const headers = { 'content-type': 'application/json' };
  return { ...method, method: 'POST', headers, body: choice.chance(brokenShare) ? breakText(whole, choice) : whole };
}

function breakText(text: string, choice: RandomChoice): string {
  const place = choice.below(text.length);
  return choice.of([
    text.slice(0, place),
    text.slice(0, place) + choice.of(['"', '{', '\u0000', '\ufffd', ']', '1e999']) + text.slice(place + 1),
    JSON.stringify(choice.of(nastyValues)),
    '['.repeat(20_000),
    `{"json":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    '{"json":{"__proto__":{"x":1},"constructor":{"prototype":null}},"meta":[[0,"__proto__"]]}',
    '',
  ]);
}

function besideTheContract(choice: RandomChoice, known: Known): RandomRequest {
  const name = choice.chance(0.6) ? choice.of(known.texts) : String(choice.of(nastyValues)).slice(0, 300);
  const path = `/${choice.of(routes)}/${choice.chance(0.9) ? encodeURIComponent(Buffer.from(name).toString()) : '%'}`;
  const method = choice.of(verbs);
  const body = choice.of(['', 'no picture', '\u0000'.repeat(5000)]);
  return { name: `${method} ${path}`, path, method, ...(method === 'POST' || method === 'PUT' ? { body } : {}) };
}
