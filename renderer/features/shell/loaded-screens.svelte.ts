import type { Component } from 'svelte';
import type { ErrorBody } from '../../../contract/errors.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { PlaceName } from '../../state/frame/place.svelte.ts';
import type { Workspace } from '../../state/frame/workspace.ts';

/** The screens that have been loaded. Kept, so that going back to one is immediate. */
export class LoadedScreens {
  #screens: Readonly<Partial<Record<PlaceName, Component>>> = $state.raw({});
  #error: ErrorBody | null = $state.raw(null);

  constructor(first: Readonly<Partial<Record<PlaceName, Component>>>) {
    this.#screens = first;
  }

  /** Why the screen asked for last could not be loaded. */
  get error(): ErrorBody | null {
    return this.#error;
  }

  find(name: PlaceName): Component | null {
    return this.#screens[name] ?? null;
  }

  async open(workspace: Workspace): Promise<void> {
    this.#error = null;
    try {
      await this.#load(workspace);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }

  /** Loads screens before anybody goes there. One that cannot be loaded is told when somebody does. */
  async prepare(workspaces: readonly Workspace[]): Promise<void> {
    await Promise.allSettled(workspaces.map((workspace) => this.#load(workspace)));
  }

  async #load({ name, load }: Workspace): Promise<void> {
    if (load === null || this.#screens[name] !== undefined) return;
    const { default: screen } = await load();
    this.#screens = { ...this.#screens, [name]: screen };
  }
}
