import Ban from '@lucide/svelte/icons/ban';
import Check from '@lucide/svelte/icons/check';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import Clock from '@lucide/svelte/icons/clock';
import Pause from '@lucide/svelte/icons/pause';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { Component } from 'svelte';
import type { BatchRowState } from '../../../contract/batch.ts';

/** Every state with its name and its sign. */
export const rowStates: Readonly<Record<BatchRowState, { readonly name: string; readonly icon: Component<{ size?: number }> }>> =
  {
    queued: { name: 'Waiting', icon: Clock },
    running: { name: 'Working', icon: CirclePlay },
    paused: { name: 'Paused', icon: Pause },
    done: { name: 'Done', icon: Check },
    failed: { name: 'Failed', icon: TriangleAlert },
    cancelled: { name: 'Cancelled', icon: Ban },
  };
