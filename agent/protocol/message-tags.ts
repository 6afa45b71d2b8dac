/** The tags of simple HTML that a MESSAGE may contain, without their attributes. Everything else is stripped. */
export const messageTags = [
  'b',
  'strong',
  'i',
  'em',
  'u',
  'br',
  'p',
  'span',
  'ul',
  'ol',
  'li',
  'h1',
  'h2',
  'h3',
  'small',
] as const;
