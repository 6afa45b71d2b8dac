import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from './app.ts';
import brand from './icon.svg';
import { Icon } from './icons.tsx';
import { sections } from './screens.tsx';
import { texts } from './texts.ts';

/** The way to every section, who is signed in, and whether the page is live. On a narrow screen it opens over the page. */
export function Navigation({ active, openHelp }: { active: string; openHelp: () => void }) {
  const { session, live, router } = useApp();
  const [isOpen, setIsOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const route = router.route.value;
  // It closes whenever the viewer has gone somewhere.
  useEffect(() => setIsOpen(false), [route.path.join('/')]);
  const user = session.user.value;
  const may = session.may.value;
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    setIsOpen(false);
    toggle.current?.focus();
  };

  return (
    <header class="side" data-open={isOpen} onKeyDown={closeOnEscape}>
      <div class="brand">
        <img src={brand} alt="" width="32" height="32" />
        <strong>{texts.product}</strong>
        <span class="pulse" data-state={live.state.value} role="status">
          {texts.shell.live[live.state.value]}
        </span>
        <button
          ref={toggle}
          type="button"
          class="quiet only-narrow"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} />
          <span class="unseen">{texts.shell.menu}</span>
        </button>
      </div>
      <div class="side-body" id="navigation">
        <nav aria-label={texts.shell.navigation}>
          <ul>
            {sections
              .filter(({ offered }) => offered?.(may) ?? true)
              .map(({ name, path, icon, key }) => (
                <li key={path}>
                  <a href={`#/${path}`} aria-current={active === path ? 'page' : undefined} title={`g ${key}`}>
                    <Icon name={icon} />
                    {texts.nav[name]}
                  </a>
                </li>
              ))}
          </ul>
        </nav>
        <div class="who">
          <p>
            <strong>{user?.name}</strong>
            <span class="faint">{user && texts.roles[user.role]}</span>
          </p>
          <button type="button" class="quiet" onClick={openHelp} title="?">
            <Icon name="help" />
            <span class="unseen">{texts.shell.help}</span>
          </button>
          <button type="button" class="quiet" onClick={session.signOut} title={texts.shell.signOut}>
            <Icon name="leave" />
            <span class="unseen">{texts.shell.signOut}</span>
          </button>
        </div>
      </div>
    </header>
  );
}
