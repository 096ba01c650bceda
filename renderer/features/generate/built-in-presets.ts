import type { Preset } from '../../state/frame/preferences.svelte.ts';
import { say } from '../../language/say.ts';

const own = { guidance: null, scheduler: null, width: null, height: null };

/** Presets every pack has, made from its own number of steps. */
export function builtInPresets(steps: number): readonly Preset[] {
  return [
    { ...own, name: say('generate.preset.draft'), steps: Math.max(2, Math.round(steps * 0.4)) },
    { ...own, name: say('generate.preset.own'), steps: null },
    { ...own, name: say('generate.preset.fine'), steps: Math.min(200, steps * 2) },
  ];
}

/** True when a preset says what is set. */
export function samePreset(preset: Preset, values: Omit<Preset, 'name'>): boolean {
  const keys = ['steps', 'guidance', 'scheduler', 'width', 'height'] as const;
  return keys.every((key) => preset[key] === values[key]);
}
