import type { Preset } from '../../state/frame/preferences.svelte.ts';

const own = { guidance: null, scheduler: null, width: null, height: null };

/** Presets every pack has, made from its own number of steps. */
export function builtInPresets(steps: number): readonly Preset[] {
  return [
    { ...own, name: 'Draft', steps: Math.max(2, Math.round(steps * 0.4)) },
    { ...own, name: 'The pack’s own', steps: null },
    { ...own, name: 'Fine', steps: Math.min(200, steps * 2) },
  ];
}

/** True when a preset says what is set. */
export function samePreset(preset: Preset, values: Omit<Preset, 'name'>): boolean {
  const keys = ['steps', 'guidance', 'scheduler', 'width', 'height'] as const;
  return keys.every((key) => preset[key] === values[key]);
}
