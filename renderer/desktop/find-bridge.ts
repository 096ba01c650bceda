import type { DesktopBridge } from '../../contract/desktop.ts';

declare global {
  interface Window {
    readonly dediffusion?: DesktopBridge;
  }
}

/** What the desktop program adds to its page; null in a browser. The one place that looks. */
export function findBridge(): DesktopBridge | null {
  return window.dediffusion ?? null;
}
