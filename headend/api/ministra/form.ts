/** The fields of a request, as PHP reads them: a name with brackets is a list. */
export type Form = {
  /** How many names there are. */
  readonly size: number;
  has(name: string): boolean;
  /** A field that is one text; the last of a list, empty for a missing one. */
  text(name: string): string;
  /** A field as a list; a single text is a list of one, a missing field an empty list. */
  list(name: string): string[];
};

/** Reads an urlencoded body, whatever it says of its content type: `a=1&b[]=2&b%5B%5D=3`. What is encoded wrongly is taken as it stands. */
export function parseForm(body: string): Form {
  const fields = new Map<string, string[]>();
  for (const pair of body.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decode(at === -1 ? pair : pair.slice(0, at)).trim();
    const value = at === -1 ? '' : decode(pair.slice(at + 1));
    const listed = /^([^[\]]+)\[[^\]]*\]/.exec(name)?.[1];
    if (listed === undefined) fields.set(name, [value]);
    else fields.set(listed, [...(fields.get(listed) ?? []), value]);
  }
  return {
    size: fields.size,
    has: (name) => fields.has(name),
    text: (name) => fields.get(name)?.at(-1) ?? '',
    list: (name) => [...(fields.get(name) ?? [])],
  };
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
