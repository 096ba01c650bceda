import type { LibraryItem } from '../../../contract/library.ts';
import type { LocalRecipe, ToolRecipe } from '../../../contract/recipe.ts';
import { schedulerNames } from '../generate/scheduler-names.ts';
import { describeTime, kindNames } from './describe-item.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

function describeFileSize(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** What is known of an item, most useful first: enough to compare two, and to make a drawn one again. */
export function listFacts(item: LibraryItem): readonly Fact[] {
  return [
    { name: 'Kind', value: kindNames[item.kind] },
    { name: 'Made', value: describeTime(item.createdMs) },
    ...(item.kind === 'prompt' ? listPromptFacts(item) : listImageFacts(item)),
    ...(item.kind === 'generation' ? listRecipeFacts(item) : []),
  ];
}

function listPromptFacts({ prompt }: Extract<LibraryItem, { kind: 'prompt' }>): readonly Fact[] {
  return [
    { name: 'Length', value: prompt.length === null ? 'own words' : `${prompt.length} tokens` },
    { name: 'Pack', value: prompt.packId },
  ];
}

function listImageFacts({ image }: Exclude<LibraryItem, { kind: 'prompt' }>): readonly Fact[] {
  return [
    { name: 'Size', value: `${image.width} × ${image.height}` },
    { name: 'File', value: `${image.mediaType.replace('image/', '').toUpperCase()}, ${describeFileSize(image.bytes)}` },
  ];
}

function listRecipeFacts({ recipe, fidelity }: Extract<LibraryItem, { kind: 'generation' }>): readonly Fact[] {
  return [
    { name: 'Fidelity', value: fidelity === null ? 'not measured' : fidelity.mean.toFixed(3) },
    { name: 'Seed', value: recipe.seed === null ? 'not told' : String(recipe.seed) },
    ...(recipe.init === null ? [] : [{ name: 'Start picture', value: `changed by ${recipe.init.strength}` }]),
    ...(recipe.kind === 'local' ? listLocalFacts(recipe) : listToolFacts(recipe)),
  ];
}

function listToolFacts({ tool, host, model, parameters }: ToolRecipe): readonly Fact[] {
  return [
    ...Object.entries(parameters).map(([name, value]) => ({ name, value: JSON.stringify(value) })),
    { name: 'Model', value: model },
    { name: 'Drawn by', value: `${tool} at ${host}` },
  ];
}

function listLocalFacts(recipe: LocalRecipe): readonly Fact[] {
  return [
    { name: 'Steps', value: String(recipe.steps) },
    { name: 'Guidance', value: describeGuidance(recipe) },
    { name: 'Scheduler', value: schedulerNames[recipe.scheduler] },
    { name: 'Tokens', value: String(recipe.tokenIds.length) },
    ...(recipe.negative === '' ? [] : [{ name: 'Negative', value: recipe.negative }]),
    { name: 'Pack', value: `${recipe.pack.id} ${recipe.pack.version}` },
    { name: 'Drawn on', value: recipe.device },
  ];
}

function describeGuidance({ guidance, guidanceFromTimestep }: LocalRecipe): string {
  return guidanceFromTimestep === undefined ? String(guidance) : `${guidance}, from timestep ${guidanceFromTimestep} up`;
}
