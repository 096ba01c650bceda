import type { PreferenceValues } from '../../state/frame/preferences.svelte.ts';
import { say } from '../../language/say.ts';

/** What a drawing starts from: noise, or a picture. */
export type Start = 'noise' | PreferenceValues['initFrom'];

export interface StartChoice {
  readonly value: Start;
  readonly name: string;
  readonly label: string;
  readonly disabled: boolean;
}

interface Present {
  readonly hasOriginal: boolean;
  readonly hasShown: boolean;
  /** The picture of the library that was chosen to start from. */
  readonly chosen: PreferenceValues['initPicture'];
}

/** Each choice once; the library is one of them as long as a picture of it is chosen. */
export function startChoices({ hasOriginal, hasShown, chosen }: Present): readonly StartChoice[] {
  const choices: StartChoice[] = [
    { value: 'noise', name: say('generate.start.noise'), label: say('generate.start.noise.short'), disabled: false },
    {
      value: 'original',
      name: say('generate.start.original'),
      label: say('generate.start.original.short'),
      disabled: !hasOriginal,
    },
    { value: 'shown', name: say('generate.start.shown'), label: say('generate.start.shown.short'), disabled: !hasShown },
  ];
  if (chosen === null) return choices;
  const name = say('generate.start.library', { title: chosen.title });
  return [...choices, { value: 'library', name, label: say('generate.start.library.short'), disabled: false }];
}
