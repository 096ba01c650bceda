import { describe, expect, it } from 'vitest';
import { requireScope } from '../../../../contract/outside/access-key.ts';
import type { Scope } from '../../../../contract/outside/access-key.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { contract } from '../../../../contract/methods.ts';
import { matrixRequestSchema } from '../../../../contract/texts/matrix.ts';
import { scopeOfJob, scopeOfMethod, scopeOfWriter } from '../../../../contract/outside/scope-of-method.ts';

const paths = Object.entries(contract).flatMap(([group, named]) => Object.keys(named).map((name) => [group, name]));
const holds = (held: Scope, needed: Scope): boolean => {
  try {
    requireScope(held, needed);
    return true;
  } catch (error) {
    if (error instanceof StudioError && error.code === 'not-allowed') return false;
    throw error;
  }
};

describe('scopes', () => {
  it('are named for every method, and for nothing else', () => {
    for (const path of paths) expect(['read', 'draw', 'admin', 'person']).toContain(scopeOfMethod(path));
    expect(() => scopeOfMethod(['library', 'burn'])).toThrow();
    expect(() => scopeOfMethod([])).toThrow();
  });

  it('include those before them', () => {
    const order: Scope[] = ['read', 'draw', 'admin', 'person'];
    order.forEach((held, reach) => {
      expect(order.map((needed) => holds(held, needed))).toEqual(order.map((_, place) => place <= reach));
    });
  });

  it('keep what takes a person’s yes, keys among it, from every key', () => {
    const persons = paths.filter((path) => scopeOfMethod(path) === 'person').map((path) => path.join('.'));
    const keys = ['accessKeys.list', 'accessKeys.create', 'accessKeys.revoke'];
    expect(persons).toEqual(['network.allow', 'updates.read', 'updates.bring', 'deviceParts.bring', ...keys]);
  });

  it('let whoever only looks neither begin work nor delete', () => {
    for (const name of ['jobs.submit', 'jobs.retry', 'batches.create', 'library.update', 'library.emptyTrash', 'packs.remove']) {
      expect(holds('read', scopeOfMethod(name.split('.')))).toBe(false);
    }
  });

  it('need more for bringing a model than for drawing with it', () => {
    const settings = { steps: 1 };
    expect(scopeOfJob({ kind: 'generate', prompt: { type: 'text', text: 'a fox' }, settings, parents: [] })).toBe('draw');
    const elsewhere = { prompt: { type: 'text', text: 'a fox' }, settings, parents: [], connectionId: 'paid' } as const;
    expect(scopeOfJob({ ...elsewhere, parents: [], kind: 'generate' })).toBe('admin');
    expect([scopeOfWriter('builtin'), scopeOfWriter('paid')]).toEqual(['draw', 'admin']);
    const matrix = { kind: 'matrix', name: 'M', imageSha256s: ['1'.repeat(64), '2'.repeat(64)], length: 5, draw: null } as const;
    const scopes = [matrix, { ...matrix, writer: 'paid' }].map((one) => scopeOfJob(matrixRequestSchema.parse(one)));
    expect(scopes).toEqual(['draw', 'admin']);
    const agreed = { licence: 'mit', bytes: 1 };
    const source = { type: 'folder', path: '/a' } as const;
    expect(scopeOfJob({ kind: 'install', packId: 'a', name: 'A', source, choice: {}, agreed })).toBe('admin');
  });
});
