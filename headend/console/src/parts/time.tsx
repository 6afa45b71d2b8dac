import { useApp } from '../app.ts';
import { showAgo, showClock, showTime, viewerZone } from '../format.ts';

/** How long ago something was; the whole time and its zone stand behind it. */
export function Ago({ at }: { at: string | number }) {
  const { now } = useApp();
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={`${showTime(date)} (${viewerZone()})`}>
      {showAgo(date, Math.max(now.value, Date.now()))}
    </time>
  );
}

/** When something was, in the viewer's zone. */
export function At({ at }: { at: string | number }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={`${showTime(date)} (${viewerZone()})`}>
      {showClock(date)}
    </time>
  );
}
