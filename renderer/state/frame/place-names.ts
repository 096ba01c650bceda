/** The places of the studio, in the order of the rail. */
export const placeNames = ['studio', 'library', 'batch', 'packs', 'settings'] as const;
export type PlaceName = (typeof placeNames)[number];
