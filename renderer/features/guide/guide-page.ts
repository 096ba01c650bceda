/** A stretch of a sentence of the manual. */
export type GuideText =
  | { readonly kind: 'plain' | 'strong' | 'emphasis' | 'code'; readonly text: string }
  /** To another page of the manual, by its name. */
  | { readonly kind: 'page'; readonly text: string; readonly page: string }
  /** To what lies outside of it: an address, or a file of the source folder. */
  | { readonly kind: 'outside'; readonly text: string; readonly address: string };

export type GuideBlock =
  | { readonly kind: 'heading'; readonly depth: 2 | 3; readonly texts: readonly GuideText[] }
  | { readonly kind: 'paragraph'; readonly texts: readonly GuideText[] }
  /** An item is one paragraph. */
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly GuideText[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly GuideText[])[];
      readonly rows: readonly (readonly (readonly GuideText[])[])[];
    }
  /** Its address is that of a file beside the page. */
  | { readonly kind: 'picture'; readonly address: string; readonly about: string };

/** A page of the manual, as the build reads it from `docs/guide/`. */
export interface GuidePage {
  /** Of its file, without the ending; links name it. */
  readonly name: string;
  readonly title: string;
  readonly blocks: readonly GuideBlock[];
}
