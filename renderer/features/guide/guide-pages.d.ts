/** The build reads the manual's pages, in the order of its table of contents (`tooling/guide/guide-plugin.ts`). */
declare module '*/docs/guide/README.md' {
  export const pages: readonly import('./guide-page.ts').GuidePage[];
}
