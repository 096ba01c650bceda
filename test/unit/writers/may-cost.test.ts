import { expect, it } from 'vitest';
import { toolKindSchema } from '../../../contract/outside/connection.ts';
import { isPaidAgain, mayCost } from '../../../main/writers/may-cost.ts';
import { isMendedElsewhere } from '../../../main/writers/mended-elsewhere.ts';

const kinds = toolKindSchema.options;
const at = (address: string, price: { picture: number; limit: null } | null = null) =>
  kinds.map((kind) => ({ kind, address, price }));
const kindsOf = (payees: readonly { readonly kind: string }[]): string[] => payees.map(({ kind }) => kind);
const price = { picture: 0.1, limit: null };

it('takes what has a price, and services elsewhere of which nobody said one, for what costs', () => {
  expect(kindsOf(at('https://draws.example/v1').filter(mayCost))).toEqual(['openai-images', 'google-images', 'stability']);
  expect(at('http://127.0.0.1:1234/v1').filter(mayCost)).toEqual([]);
  expect(at('http://127.0.0.1:1234/v1', price).filter(mayCost)).toHaveLength(kinds.length);
});

it('would pay again for what broke off where no queue is looked into', () => {
  const again = at('https://draws.example/v1', price).filter(isPaidAgain);
  expect(kindsOf(again)).toEqual(kinds.filter((kind) => kind !== 'comfyui' && kind !== 'invokeai'));
});

it('has another server draw what was not heard, or what costs nothing', () => {
  const lost = { code: 'address-unreachable' as const, message: 'No.', hint: 'Wait.', details: { reason: 'time' } };
  const payees = [...at('https://draws.example/v1'), ...at('http://127.0.0.1:1234/v1', price)];
  expect(kindsOf(payees.filter((payee) => isMendedElsewhere(lost, payee)))).toEqual(['comfyui', 'a1111', 'invokeai']);
  const unheard = { ...lost, details: { reason: 'refused' } };
  expect(kindsOf(payees.filter((payee) => isMendedElsewhere(unheard, payee)))).toEqual([
    ...kinds,
    ...['a1111', 'openai-images', 'google-images', 'stability'],
  ]);
});
