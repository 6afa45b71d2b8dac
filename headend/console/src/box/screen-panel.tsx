import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showTime } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Ago } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { type Action, type Box, hasEnded } from '../types.ts';
import { useActions } from './use-actions.ts';
import { useSend } from './use-send.ts';

/** How often a followed screen is taken anew, and how long one may take. */
const followMs = 4_000;
const patienceMs = 30_000;
const kept = 20;

/** What the box shows: the newest screenshot, and new ones by hand or every few seconds while somebody looks. */
export function ScreenPanel({ box, against, mayLook }: { box: Box; against: string | null; mayLook: boolean }) {
  if (mayLook) return <Screen box={box} against={against} />;
  return (
    <section class="card screen-panel" aria-label={texts.screen.title}>
      <div class="screen">
        <p class="screen-empty">{texts.screen.notAllowed}</p>
      </div>
    </section>
  );
}

function Screen({ box, against }: { box: Box; against: string | null }) {
  const mayTake = against === null;
  const actions = useActions(box.id, kept, 'SCREENSHOT');
  const send = useSend(box);
  const { now } = useApp();
  const [isFollowing, setIsFollowing] = useState(false);
  const items = actions.value?.items ?? [];
  const newest = items.find((action) => action.state === 'done' && action.artifact !== null);
  const pending = items.find((action) => !hasEnded(action.state) && isRecent(action, now.value));
  const failed = items[0] !== undefined && hasEnded(items[0].state) && items[0].state !== 'done' ? items[0] : undefined;
  const isReady = isFollowing && box.online && mayTake && pending === undefined;
  const lastId = items[0]?.id;

  useEffect(() => {
    if (!isReady) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout>;
    const take = async () => {
      // A page that nobody sees asks for nothing. An ask that made no action is followed by no other by itself.
      const isSeen = document.visibilityState === 'visible';
      if (isSeen && (await send('SCREENSHOT', {}, { quietly: true }))) return;
      if (isWanted) timer = setTimeout(take, followMs);
    };
    timer = setTimeout(take, lastId === undefined ? 0 : followMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [isReady, lastId, send]);

  return (
    <section class="card screen-panel" aria-label={texts.screen.title}>
      <div class="screen" data-pending={pending !== undefined}>
        {newest?.artifact ? (
          <img src={newest.artifact.url} alt={texts.screen.alt(showTime(newest.changedAt))} />
        ) : (
          <p class="screen-empty">
            {actions.value === undefined ? texts.common.loading : (against ?? texts.screen.none)}
          </p>
        )}
      </div>
      <div class="screen-bar">
        <p class="faint" role="status">
          {pending ? texts.screen.taking : newest && <>{texts.screen.taken} </>}
          {!pending && newest && <Ago at={newest.changedAt} />}
          {failed?.error && <span class="bad"> {failed.error.message}</span>}
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={isFollowing}
            disabled={!mayTake || !box.online}
            onChange={(event) => setIsFollowing(event.currentTarget.checked)}
          />
          {texts.screen.follow(followMs / 1000)}
        </label>
        <button
          type="button"
          class="plain"
          disabled={!mayTake || pending !== undefined}
          onClick={() => void send('SCREENSHOT', {})}
        >
          <Icon name="camera" /> {texts.screen.take}
        </button>
      </div>
    </section>
  );
}

function isRecent(action: Action, now: number): boolean {
  return now - Date.parse(action.createdAt) < patienceMs;
}
