/** What takes the middle of the Library's screen. */
export type LibraryView =
  | { readonly type: 'grid' }
  | { readonly type: 'lineage'; readonly itemId: string }
  | { readonly type: 'compare'; readonly itemIds: readonly [string, string] };
