import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { texts } from '../texts.ts';

/** What was said in the last few seconds, read out as it comes. */
export function NoticeList() {
  const { notices } = useApp();
  return (
    <div class="notices" role="log" aria-live="polite" aria-label={texts.shell.notices}>
      {notices.list.value.map(({ id, kind, text, link }) => (
        <div key={id} class={`notice ${kind}`}>
          <Icon name={kind === 'good' ? 'tick' : 'warning'} />
          <p>
            {text} {link && <a href={link.href}>{link.text}</a>}
          </p>
          <button type="button" class="quiet" onClick={() => notices.dismiss(id)}>
            <Icon name="close" />
            <span class="unseen">{texts.common.close}</span>
          </button>
        </div>
      ))}
    </div>
  );
}
