import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app.ts';
import { Help } from './help.tsx';
import { Login } from './login.tsx';
import { Navigation } from './navigation.tsx';
import { NoticeList } from './parts/notice-list.tsx';
import { Failure, Loading } from './parts/states.tsx';
import { screenOf } from './screens.tsx';
import { useShortcuts } from './shortcuts.ts';
import { texts } from './texts.ts';

/** The frame around every screen: navigation, help, notices; and the login where nobody is signed in. */
export function Shell() {
  const app = useApp();
  const { session, router, live } = app;
  const [helpIsOpen, setHelpIsOpen] = useState(false);
  const user = session.user.value;
  const { path } = router.route.value;
  const screen = screenOf(path, session.may.value);
  useShortcuts(app, () => setHelpIsOpen(true));

  useEffect(() => {
    document.title = `${user ? screen.title : texts.login.title} · ${texts.product}`;
  }, [screen.title, user]);

  if (session.error.value !== null) {
    return <Failure text={session.error.value} retry={session.resume} />;
  }
  if (user === undefined) return <Loading />;
  if (user === null) return <Login />;
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={focusMain}>
        {texts.shell.skip}
      </a>
      <Navigation active={screen.section} openHelp={() => setHelpIsOpen(true)} />
      <main id="main" tabIndex={-1} key={screen.key}>
        {live.state.value === 'lost' && (
          <p class="banner" role="status">
            {texts.shell.lost}
          </p>
        )}
        {screen.render()}
      </main>
      <NoticeList />
      {helpIsOpen && <Help close={() => setHelpIsOpen(false)} />}
    </div>
  );
}

/** The address holds the screen, so a link to a place on the page has to do without it. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
