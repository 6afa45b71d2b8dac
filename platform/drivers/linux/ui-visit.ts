/** A web page in the user interface's place, until the viewer closes it with Exit, Escape or Back. */
import type { UiPage } from './page.ts';

export type Visit = {
  /** Shows a page. Rejects DEVICE_FAILED when it cannot be loaded; the user interface is there again then. */
  open(url: string, signal: AbortSignal): Promise<void>;
  /** Loads the user interface: where it was before a visit, else anew where it is. */
  comeHome(signal: AbortSignal): Promise<void>;
};

export function createVisit(page: UiPage): Visit {
  let home: string | undefined;
  const comeHome = async (signal: AbortSignal) => {
    if (home === undefined) return page.reload(signal);
    await page.runInEveryDocument('visit', null, signal);
    await page.navigate(home, signal);
    home = undefined;
  };
  return {
    async open(url, signal) {
      const here = await page.run('location.href', signal);
      // From one visit to the next, home stays where it was; who has closed one is at home.
      if ('value' in here && !isAway(here.value, home)) home = String(here.value);
      if (home === undefined) return page.navigate(url, signal);
      await page.runInEveryDocument('visit', leaveScript(home), signal);
      try {
        await page.navigate(url, signal);
      } catch (error) {
        await comeHome(AbortSignal.timeout(homeMs)).catch(() => {});
        throw error;
      }
    },
    comeHome,
  };
}

const homeMs = 10_000;

function isAway(href: unknown, home: string | undefined): boolean {
  return home !== undefined && href !== home;
}

/** Runs in every page of the visit, before its own scripts. */
function leaveScript(home: string): string {
  return `addEventListener('keydown', (event) => {
    const closes = ['Escape', 'BrowserBack', 'GoBack', 'Exit'].includes(event.key) || [27, 461].includes(event.keyCode);
    if (!closes || window !== top || location.href === ${JSON.stringify(home)}) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    location.replace(${JSON.stringify(home)});
  }, true)`;
}
