import { viewerZone } from '../format.ts';
import { texts } from '../texts.ts';

/** When: as the fields have it, local times without a zone. Blank is not set. */
export type Timing = { when: string; expires: string; spreadMinutes: string };
export const now: Timing = { when: '', expires: '', spreadMinutes: '' };

/** The part of `POST /stb/v1/actions` that says when. */
export function timingBody({ when, expires, spreadMinutes }: Timing): Record<string, unknown> {
  return {
    ...(when === '' ? {} : { when: new Date(when).toISOString() }),
    ...(expires === '' ? {} : { expires: new Date(expires).toISOString() }),
    ...(spreadMinutes === '' ? {} : { spread: Number(spreadMinutes) * 60 }),
  };
}

/** Now or at a time, with expiry and spread. */
export function TimingFields({ timing, set }: { timing: Timing; set(timing: Timing): void }) {
  const isLater = timing.when !== '';
  const soon = () => {
    const date = new Date(Date.now() + 3_600_000 - new Date().getTimezoneOffset() * 60_000);
    return date.toISOString().slice(0, 16);
  };
  return (
    <fieldset class="card timing">
      <legend>{texts.act.when}</legend>
      <div class="segments">
        <label>
          <input type="radio" name="when" checked={!isLater} onChange={() => set({ ...timing, when: '' })} />
          {texts.act.now}
        </label>
        <label>
          <input type="radio" name="when" checked={isLater} onChange={() => set({ ...timing, when: soon() })} />
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
            max="1440"
            step="any"
            value={timing.spreadMinutes}
            onInput={(event) => set({ ...timing, spreadMinutes: event.currentTarget.value })}
          />
        </label>
      </div>
    </fieldset>
  );
}
