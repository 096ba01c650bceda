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

export const numberFormat = keep((tag, options: Intl.NumberFormatOptions | undefined) => new Intl.NumberFormat(tag, options));
export const pluralRules = keep((tag, options: Intl.PluralRulesOptions | undefined) => new Intl.PluralRules(tag, options));
export const listFormat = keep((tag, options: Intl.ListFormatOptions | undefined) => new Intl.ListFormat(tag, options));
