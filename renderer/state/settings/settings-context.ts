import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';

/** What the components of the Settings are handed: what can be set, in the core, the network, the page and the platform. */
export type SettingsPart = Pick<
  Page,
  | 'settings'
  | 'network'
  | 'writers'
  | 'accessKeys'
  | 'preferences'
  | 'appearance'
  | 'shortcuts'
  | 'language'
  | 'facts'
  | 'connection'
  | 'notices'
  | 'place'
  | 'platform'
  | 'updates'
  | 'deviceParts'
  | 'attempt'
>;

export const [getSettingsPart, setSettingsPart] = createContext<SettingsPart>();
