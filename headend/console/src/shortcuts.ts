import { useEffect } from 'preact/hooks';
import type { App } from './app.ts';
import { sections } from './screens.tsx';

/** How long after `g` the second key may come. */
const chordMs = 1_200;

/** Whether what has the focus takes letters itself. */
export function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('select, textarea, input:not([type=checkbox]):not([type=radio])') || target.isContentEditable;
}

/** `?` opens the help, `/` goes to the search, Esc leaves a field, `g` and a letter go to a section. */
export function useShortcuts(app: App, openHelp: () => void): void {
  useEffect(() => {
    let goUntil = 0;
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!app.session.user.value || document.querySelector('dialog[open]') !== null) return;
      if (takesKeys(event.target)) {
        if (event.key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      const going = performance.now() < goUntil;
      goUntil = 0;
      const section = going ? sections.find(({ key }) => key === event.key) : undefined;
      if (section !== undefined) {
        event.preventDefault();
        app.router.go(`/${section.path}`);
      } else if (event.key === 'g') goUntil = performance.now() + chordMs;
      else if (event.key === '?') {
        event.preventDefault();
        openHelp();
      } else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('main input[type=search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [app, openHelp]);
}
