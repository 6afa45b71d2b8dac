import { viewerZone } from '../format.ts';
import { texts } from '../texts.ts';

/** When: as the fields have it, local times without a zone. Blank is not set. */
export type Timing = { isLater: boolean; when: string; expires: string; spreadMinutes: string };
export const now: Timing = { isLater: false, when: '', expires: '', spreadMinutes: '' };

const mostMinutes = 1440;

/** Whether it can be sent: a time that is half typed is blank, and must never mean now. */
export function isWhole({ isLater, when, spreadMinutes }: Timing): boolean {
  return (!isLater || when !== '') && Number(spreadMinutes) >= 0 && Number(spreadMinutes) <= mostMinutes;
}

/** The part of `POST /stb/v1/actions` that says when. */
export function timingBody({ isLater, when, expires, spreadMinutes }: Timing): Record<string, unknown> {
  return {
    ...(isLater ? { when: when === '' ? '' : new Date(when).toISOString() } : {}),
    ...(expires === '' ? {} : { expires: new Date(expires).toISOString() }),
    ...(spreadMinutes === '' ? {} : { spread: Number(spreadMinutes) * 60 }),
  };
}

/** Now or at a time, with expiry and spread. */
export function TimingFields({ timing, set }: { timing: Timing; set(timing: Timing): void }) {
  const { isLater } = timing;
  const soon = () => {
    const date = new Date(Date.now() + 3_600_000 - new Date().getTimezoneOffset() * 60_000);
    return date.toISOString().slice(0, 16);
  };
  return (
    <fieldset class="card timing">
      <legend>{texts.act.when}</legend>
      <div class="segments">
        <label>
          <input
            type="radio"
            name="when"
            checked={!isLater}
            onChange={() => set({ ...timing, isLater: false, when: '' })}
          />
          {texts.act.now}
        </label>
        <label>
          <input
            type="radio"
            name="when"
            checked={isLater}
            onChange={() => set({ ...timing, isLater: true, when: soon() })}
          />
          {texts.act.later}
        </label>
      </div>
      <div class="fields">
        {isLater && (
          <label class="field">
            <span>{texts.act.at(viewerZone())}</span>
            <input
              type="datetime-local"
              required
              value={timing.when}
              onInput={(event) => set({ ...timing, when: event.currentTarget.value })}
            />
          </label>
        )}
        <label class="field">
          <span>{texts.act.expires}</span>
          <input
            type="datetime-local"
            value={timing.expires}
            onInput={(event) => set({ ...timing, expires: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{texts.act.spread}</span>
          <input
            type="number"
            min="0"
            max={mostMinutes}
            step="any"
            value={timing.spreadMinutes}
            onInput={(event) => set({ ...timing, spreadMinutes: event.currentTarget.value })}
          />
        </label>
      </div>
    </fieldset>
  );
}
