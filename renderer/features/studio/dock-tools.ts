import { isBetterSolved } from '../../../contract/job.ts';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Ask from '@lucide/svelte/icons/message-circle-question-mark';
import Copy from '@lucide/svelte/icons/copy';
import Ear from '@lucide/svelte/icons/ear';
import FileDiff from '@lucide/svelte/icons/file-diff';
import History from '@lucide/svelte/icons/history';
import Info from '@lucide/svelte/icons/info';
import ListTree from '@lucide/svelte/icons/list-ordered';
import Scan from '@lucide/svelte/icons/scan-text';
import Puzzle from '@lucide/svelte/icons/puzzle';
import Search from '@lucide/svelte/icons/search';
import Shapes from '@lucide/svelte/icons/shapes';
import Sliders from '@lucide/svelte/icons/sliders-horizontal';
import Polish from '@lucide/svelte/icons/wand-sparkles';
import type { Component } from 'svelte';
import type { DockPanel } from '../../state/frame/preferences.svelte.ts';
import type { Page } from '../../state/page.svelte.ts';
import { describeBriefGain } from '../words/describe-value.ts';
import { countWords } from '../words/tools/count-words.ts';
import { say } from '../../language/say.ts';

/** A button of the tools' rail and the panel it opens in the dock. */
interface DockTool {
  readonly panel: DockPanel;
  readonly icon: Component<{ size?: number }>;
  /** The command whose keys open it; null for none. */
  readonly command: string | null;
  /** Progress, or what was found; null while there is nothing to say. */
  readonly badge: (page: Page) => string | null;
  /** Why it has nothing to work on; null when it has. */
  readonly whyNot: (page: Page) => string | null;
}

const nothing = (): null => null;
const noText = ({ work }: Page): string | null => (work.document === null ? say('hindrance.noText') : null);
const percentOf = (job: { readonly progress: { readonly fraction: number } } | null): string =>
  `${Math.floor((job?.progress.fraction ?? 0) * 100)} %`;

/** In the order of the rail: a line stands before the first of each inner list but the first. */
export const dockTools: readonly (readonly DockTool[])[] = [
  [
    { panel: 'draw', icon: Sliders, command: 'toggle-inspector', badge: nothing, whyNot: nothing },
    {
      panel: 'read',
      icon: Scan,
      command: 'read-otherwise',
      badge: ({ otherReadings }) => (otherReadings.busy ? percentOf(otherReadings.job) : null),
      whyNot: ({ work }) => (work.picture === null ? say('hindrance.noOpenPicture') : null),
    },
    { panel: 'word', icon: ListTree, command: 'word-alternatives', badge: nothing, whyNot: noText },
    { panel: 'kinds', icon: Shapes, command: 'words-kinds', badge: nothing, whyNot: noText },
    { panel: 'find', icon: Search, command: 'find-words', badge: nothing, whyNot: noText },
    { panel: 'ask', icon: Ask, command: 'ask-picture', badge: nothing, whyNot: noText },
    {
      panel: 'polish',
      icon: Polish,
      command: 'polish-words',
      badge: ({ hints }) => (hints.open.length === 0 ? null : String(hints.open.length)),
      whyNot: noText,
    },
  ],
  [
    {
      panel: 'values',
      icon: ChartColumn,
      command: 'words-values',
      badge: ({ wordTools: { values } }) => (values.busy ? percentOf(values.job) : null),
      whyNot: ({ wordTools }) => wordTools.whyNotMeasure(),
    },
    {
      panel: 'solve',
      icon: Puzzle,
      command: 'words-solve',
      badge: ({ wordTools: { solving } }) => {
        if (solving.busy) return percentOf(solving.job);
        if (solving.finding === null) return null;
        const { result } = solving.finding;
        // Where the loss decided, redraws may still be further away.
        return isBetterSolved(result) ? describeBriefGain(result.before.mean, result.after.mean) : null;
      },
      whyNot: ({ wordTools }) => wordTools.whyNotMeasure(),
    },
    {
      panel: 'hear',
      icon: Ear,
      command: 'words-hear',
      badge: ({ wordTools: { hearing } }) => {
        if (hearing.finding === null) return null;
        const { request, result } = hearing.finding;
        return String(countWords(request.document, result.heard, result.comparison).removed);
      },
      whyNot: ({ wordTools }) => (wordTools.hearing.finding === null ? wordTools.whyNotHear() : null),
    },
    { panel: 'compare', icon: FileDiff, command: 'words-compare', badge: nothing, whyNot: noText },
  ],
  [
    { panel: 'copy', icon: Copy, command: 'copy-prompt', badge: nothing, whyNot: noText },
    {
      panel: 'facts',
      icon: Info,
      command: null,
      badge: nothing,
      whyNot: ({ drawing }) => (drawing.results.selected === null ? say('hindrance.nothingDrawn') : null),
    },
    { panel: 'history', icon: History, command: 'history', badge: nothing, whyNot: nothing },
  ],
];
