import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BatchPlan } from '../../../../../renderer/state/batch/batch-plan.svelte.ts';
import { BrowserStore } from '../../../../../renderer/state/core/browser-store.ts';
import { Preferences } from '../../../../../renderer/state/frame/preferences.svelte.ts';
import { FIRST_RECORDS, NEWER } from '../../../../helpers/frozen-records.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { openUnconnectedPage } from '../../open-unconnected-page.ts';

const preferencesIn = (store: Storage): Preferences =>
  new Preferences(
    new BrowserStore(
      () => store,
      () => undefined,
    ),
  );

describe('Preferences', () => {
  it('are found again', () => {
    const store = new MemoryStorage();
    preferencesIn(store).set({ theme: 'light', steps: 12 });
    expect(preferencesIn(store).values).toMatchObject({ theme: 'light', steps: 12, guidance: null });
  });

  it('fall back one by one where a value makes no sense', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.preferences.1', JSON.stringify({ theme: 'sepia', steps: -4, count: 3 }));
    expect(preferencesIn(store).values).toMatchObject({ theme: 'system', steps: null, count: 3 });
  });

  it('are those of the first version, and have it written beside them with the next change', () => {
    const store = new MemoryStorage();
    const frozen = readFileSync(join(FIRST_RECORDS, 'page/dediffusion.preferences.1.json'), 'utf8');
    store.setItem('dediffusion.preferences.1', frozen);
    const preferences = preferencesIn(store);
    const { values } = preferences;
    expect(values).toMatchObject({ theme: 'light', length: 15, steps: 12, presets: [{ name: 'Quick', scheduler: 'euler' }] });
    expect(values.shortcuts).toEqual({ 'draw.generate': 'Ctrl+G' });
    const plan = new BatchPlan(preferences, () => [5, 75]);
    expect(plan.settings.draw).toMatchObject({ count: 3 });
    preferences.set({ steps: 13 });
    const written: unknown = JSON.parse(store.getItem('dediffusion.preferences.1') ?? '');
    expect(written).toMatchObject({ schemaVersion: 1, ...(JSON.parse(frozen) as object), steps: 13 });
  });

  it('of a later studio stay as they are, and the page says so and keeps its own beside them', () => {
    const store = new MemoryStorage();
    const later = JSON.stringify({ schemaVersion: NEWER, theme: { of: 'a form unknown here' } });
    store.setItem('dediffusion.preferences.1', later);
    const page = openUnconnectedPage(() => store);
    expect(page.notices.list.map(({ body }) => body.code)).toEqual(['record-newer']);
    expect(page.preferences.values.theme).toBe('system');
    page.preferences.set({ theme: 'light' });
    expect(store.getItem('dediffusion.preferences.1')).toBe(later);
    expect(preferencesIn(store).values.theme).toBe('light');
  });

  it('start fresh from a store that holds no JSON', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.preferences.1', 'not json');
    expect(preferencesIn(store).values.theme).toBe('system');
  });

  it('start fresh from a store that holds a list', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.preferences.1', '[]');
    expect(preferencesIn(store).values.theme).toBe('system');
  });

  it('remember for a workspace what its own schema asks for, and lose nothing of others that have not asked yet', () => {
    const store = new MemoryStorage();
    const mixSchema = z.object({ mixShare: z.number().min(0).max(1).catch(0.5), mixName: z.string().catch('') });
    const preferences = preferencesIn(store);
    const mix = preferences.of(mixSchema);
    expect(mix.values).toEqual({ mixShare: 0.5, mixName: '' });
    mix.set({ mixShare: 0.25 });
    preferences.set({ theme: 'dark' });
    // A start at which nobody asks for the workspace's own.
    preferencesIn(store).set({ count: 2 });
    const again = preferencesIn(store);
    expect(again.of(mixSchema).values).toEqual({ mixShare: 0.25, mixName: '' });
    expect(again.values).toMatchObject({ theme: 'dark', count: 2 });
  });

  it('keep what a batch does, and leave out what makes no sense', () => {
    const store = new MemoryStorage();
    const known = () => [5, 15, 75];
    const plan = new BatchPlan(preferencesIn(store), known);
    expect(plan.settings).toEqual({ lengths: [15], draw: null });
    plan.toggleLength(75);
    plan.draw = true;
    plan.count = 3;
    plan.seed = 7;
    const again = new BatchPlan(preferencesIn(store), known);
    expect(again.settings).toEqual({ lengths: [15, 75], draw: { count: 3, seed: 7 } });
    // Another pack reads other lengths.
    expect(new BatchPlan(preferencesIn(store), () => [8, 75]).lengths).toEqual([75]);
  });

  it('begin a batch with the number of tokens last worked with, and with a short one before there was one', () => {
    const preferences = preferencesIn(new MemoryStorage());
    const plan = new BatchPlan(preferences, () => [5, 15, 75]);
    expect(plan.lengths).toEqual([15]);
    preferences.set({ length: 5 });
    expect(plan.lengths).toEqual([5]);
    // What another pack was read at is no length of this one.
    preferences.set({ length: 8 });
    expect(plan.lengths).toEqual([15]);
    expect(new BatchPlan(preferences, () => []).lengths).toEqual([]);
  });
});
