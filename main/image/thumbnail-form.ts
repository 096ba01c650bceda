/** Pixels of the longer side: a grid's largest cell on a screen of one and a half pixels a point. */
export const THUMBNAIL_SIDE = 384;

export const THUMBNAIL_MEDIA_TYPE = 'image/webp';
