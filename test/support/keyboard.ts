import type { Page } from 'playwright-core';

/** What somebody without a mouse has. */
export type Keyboard = {
  press(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** The name of what has the focus. */
  focused(): Promise<string>;
  /** Presses Tab until what has the focus has this name; round and round, as a button takes the focus only once its boxes are counted. */
  tabTo(name: string | RegExp): Promise<void>;
};

const patienceMs = 45_000;
/** How many of the places that Tab came to are told when it never came to the right one. */
const toldPlaces = 120;

export function keyboardOf(page: Page): Keyboard {
  const keyboard: Keyboard = {
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    type: (text) => page.keyboard.type(text),
    focused: async () =>
      String(
        await page.evaluate(
          "(() => { const it = document.activeElement; return it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent; })()",
        ),
      ).trim(),
    async tabTo(name) {
      const seen: string[] = [];
      for (const end = performance.now() + patienceMs; performance.now() < end; ) {
        await keyboard.press('Tab');
        const focused = await keyboard.focused();
        if (typeof name === 'string' ? focused.startsWith(name) : name.test(focused)) return;
        seen.push(focused.slice(0, 40));
      }
      throw new Error(`Tab never came to ${name}; it came to ${seen.slice(-toldPlaces).join(', ')}`);
    },
  };
  return keyboard;
}
