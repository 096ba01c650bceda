import Ban from '@lucide/svelte/icons/ban';
import Check from '@lucide/svelte/icons/check';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import Clock from '@lucide/svelte/icons/clock';
import Pause from '@lucide/svelte/icons/pause';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { Component } from 'svelte';
import type { BatchRowState } from '../../../contract/batch.ts';

/** The sign of every state of a row; `batch.row.<state>` is its name. */
export const rowIcons: Readonly<Record<BatchRowState, Component<{ size?: number }>>> = {
  queued: Clock,
  running: CirclePlay,
  paused: Pause,
  done: Check,
  failed: TriangleAlert,
  cancelled: Ban,
};
