import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';
import type { Blend } from './blend.svelte.ts';

/** What the components of the Blend place are handed: their own state, who can write, and the little they need of what lies around it. */
export interface BlendPart extends Pick<
  Page,
  | 'writers'
  | 'connection'
  | 'drawPlace'
  | 'facts'
  | 'work'
  | 'place'
  | 'shortcuts'
  | 'opening'
  | 'platform'
  | 'notices'
  | 'attempt'
  | 'remedyFor'
> {
  readonly blend: Blend;
}

export const [getBlendPart, setBlendPart] = createContext<BlendPart>();
