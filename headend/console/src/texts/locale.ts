/** Whose customs the browser's own formats follow: `dates` those of days and times, `words` those of numbers, of "5m ago" and of sorting. */
export const locale = { dates: 'en-GB', words: 'en' } as const;
