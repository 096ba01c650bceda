/**
 * Makes each of its objects once: one of Intl's costs some hundred times what it costs to use, and a long list asks for thousands.
 * Dates are not among them: they follow the machine to another time zone.
 */
function keep<Options extends object, Format>(
  make: (tag: string, options: Options | undefined) => Format,
): (tag: string, options?: Options) => Format {
  const kept = new Map<string, Format>();
  return (tag, options) => {
    const key = options === undefined ? tag : `${tag} ${JSON.stringify(options)}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(tag, options);
    kept.set(key, made);
    return made;
  };
}

const numberFormat = keep((tag, options: Intl.NumberFormatOptions | undefined) => new Intl.NumberFormat(tag, options));
export const pluralRules = keep((tag, options: Intl.PluralRulesOptions | undefined) => new Intl.PluralRules(tag, options));
export const listFormat = keep((tag, options: Intl.ListFormatOptions | undefined) => new Intl.ListFormat(tag, options));

/** A number to be read: with a minus (Intl takes a hyphen in most languages), and without one before what is rounded to nothing. */
export function writeNumber(value: number, tag: string, options?: Intl.NumberFormatOptions): string {
  return numberFormat(tag, { ...options, signDisplay: 'negative' })
    .format(value)
    .replace('-', '−');
}
