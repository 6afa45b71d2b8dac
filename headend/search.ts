/** A text as searches compare it, in the console and in the store: capitals and accents mean nothing, `ß` is `ss`, `ς` is `σ`. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase();
}

/** What a search looks for, folded: in texts, and in MACs, which may be written with dashes or dots. Undefined where it finds everything. */
export function lookFor(search: string | undefined): { text: string; mac: string } | undefined {
  const text = fold((search ?? '').trim());
  return text === '' ? undefined : { text, mac: text.replace(/[-.]/g, ':') };
}
